// Every genre of every scenario, at every width: what a mailer would spoil is not in it.
import { describe, expect, it } from 'vitest'
import { scenarioIds } from '../../scenarios/catalog.ts'
import { sourceOf } from '../../testing/texts.ts'
import { textOf, type TextSource } from './text.ts'
import { genres, widths, type Wanted } from './wanted.ts'

/** What is wrong with a text, line by line. */
function flawsIn(text: string, width: number): string[] {
  const lines = text.split('\n')
  return [
    ...(lines.at(-1) === '' && lines.length > 1 ? [] : ['does not end with a line feed']),
    ...lines.filter((line) => /[^ -~]/.test(line)).map((line) => `not ASCII: ${line}`),
    ...lines.filter((line) => line.endsWith(' ')).map((line) => `trailing blank: ${line}`),
    ...lines.filter((line) => line.length > width && !line.startsWith('Fixes: ')).map((line) => `${line.length} columns: ${line}`),
    // What a sign has no way to be written with becomes one.
    ...lines.filter((line) => / \?|\?\?/.test(line)).map((line) => `a sign was lost: ${line}`),
  ]
}

/** The whole run, a part of it and single steps. */
function flawsOf(source: TextSource, columns: readonly number[] = widths): string[] {
  const last = source.left.view.steps.length
  const parts = [
    [null, null],
    [1, 1],
    [Math.ceil(last / 3), Math.ceil((2 * last) / 3)],
  ] as const
  return genres.flatMap((genre) =>
    columns.flatMap((width) =>
      (['beats', 'all'] as const).flatMap((level) =>
        parts.flatMap(([from, to]) => {
          const wanted: Wanted = { genre, width, level, from, to }
          return flawsIn(textOf(source, wanted), width).map((flaw) => `${genre} ${width} ${level} ${from}-${to}: ${flaw}`)
        }),
      ),
    ),
  )
}

describe.each(scenarioIds)('%s', (id) => {
  const source = sourceOf(id)

  it('is ASCII, within the width and without trailing blanks in every genre', async () => {
    expect(flawsOf(await source)).toEqual([])
  })

  it('is so beside the kernel with the fix, too', async () => {
    const { about } = await source
    // In the fewest columns, where room is least; `LONG=1`: in all.
    expect(flawsOf(await sourceOf(id, [about.card.fix]), process.env['LONG'] === '1' ? widths : widths.slice(0, 1))).toEqual([])
  })

  it('says the same every time', async () => {
    const wanted: Wanted = { genre: 'page', width: 72, level: 'beats', from: null, to: null }
    const once = textOf(await source, wanted)
    expect(textOf(await sourceOf(id), wanted)).toBe(once)
  })

  it('tells every moment of the story', async () => {
    const { view } = (await source).left
    const flat = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('“', '"').replaceAll('”', '"')
    const text = flat(textOf(await source, { genre: 'steps', width: 72, level: 'beats', from: null, to: null }))
    const missing = view.beats.filter(({ step, says }) => step !== null && !text.includes(flat(says).replace(/\.$/, '')))
    expect(missing.map(({ says }) => says)).toEqual([])
  })
})
