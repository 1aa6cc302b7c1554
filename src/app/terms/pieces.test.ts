import { describe, expect, it } from 'vitest'
import { explanations } from './explained.tsx'
import { terms } from './names.ts'
import { piecesOf } from './pieces.ts'

const found = (text: string, known: readonly string[] = []): string[] =>
  piecesOf(text, new Set(known)).flatMap(({ term }) => (term ? [term.name] : []))

describe('terms in a text', () => {
  it('are found whole and once', () => {
    expect(found('i_size is read, then disk_i_size, then i_size again')).toEqual(['i_size', 'disk_i_size'])
    expect(found('the ordered extent of that extent')).toEqual(['ordered extent', 'extent'])
    expect(found('iomap_dio_complete() and biosphere')).toEqual([])
  })

  it('that were explained before are left alone', () => {
    expect(found('a hole in the page cache', ['hole'])).toEqual(['page cache'])
  })

  it('put together are the text again', () => {
    const text = 'fsync() copies items from min_key on into the log tree; NO_HOLES is on.'
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text)
  })

  it('have one name each and two sentences', () => {
    expect(new Set(terms.map(({ name }) => name)).size).toBe(terms.length)
    expect(explanations.map(({ name }) => name).sort()).toEqual(terms.map(({ name }) => name).sort())
    expect(explanations.filter(({ says }) => says.match(/[.](?= |$)/g)?.length !== 2)).toEqual([])
  })
})
