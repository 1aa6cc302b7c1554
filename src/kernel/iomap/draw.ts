/** Pictures of struct iomap_dio: its fields, and its references with who holds and who dropped each. */
import { size } from '../../base/range.ts'
import type { Letter } from '../../engine/view.ts'
import type { Gauge, RecordPicture } from '../../picture/picture.ts'
import type { Dio, IomapWorld } from './world.ts'

const bytes = (name: string, value: number): RecordPicture['fields'][number] => ({
  name,
  value: String(value),
  gloss: value >= 1024 ? size(value) : null,
})
const word = (name: string, value: number | string): RecordPicture['fields'][number] => ({ name, value: String(value), gloss: null })

/** The dio of a task's kiocb; a sentence in its place while there is none. */
export function dioRecord(s: IomapWorld, letter: Letter): RecordPicture {
  const dio = s.dios[letter]
  const base = { kind: 'record' as const, id: `iomap_dio:${letter}`, title: `struct iomap_dio of ${letter}`, owner: letter }
  if (!dio) return { ...base, fields: [], gone: s.freed[letter] ? `freed by ${s.freed[letter]}` : 'not allocated' }
  return {
    ...base,
    fields: [
      word('ref', dio.ref),
      bytes('size', dio.size),
      word('error', dio.error),
      bytes('done_before', dio.done_before),
      bytes('i_size', dio.i_size),
      word('wait_for_completion', String(dio.wait_for_completion)),
      word('submit.waiter', dio.waiter ?? 'NULL'),
    ],
    gone: null,
  }
}

const whoIs = (dio: Dio, holder: string): Letter => (holder === 'submitter' ? dio.submitter : holder)

/** dio->ref with every reference there is or was. */
export function dioGauge(s: IomapWorld, letter: Letter): Gauge {
  const dio = s.dios[letter]
  const base = { kind: 'gauge' as const, id: `ref:${letter}`, title: `dio->ref of ${letter}` }
  if (!dio) return { ...base, value: 0, max: 3, holders: [] }
  return {
    ...base,
    value: dio.ref,
    max: 3,
    holders: dio.holders.map((holder) => ({
      id: holder,
      who: whoIs(dio, holder),
      what: holder === 'submitter' ? 'the submitter' : 'a bio in flight',
    })),
    dropped: dio.dropped.map((holder) => ({
      id: holder,
      who: whoIs(dio, holder),
      what: holder === 'submitter' ? 'the submitter has dropped its own' : 'its bio has ended',
    })),
  }
}
