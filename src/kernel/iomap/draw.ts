/** Pictures of struct iomap_dio: its fields, and its references with who holds and who dropped each. */
import type { Letter } from '../../engine/view.ts'
import type { Gauge, RecordPicture } from '../../picture/picture.ts'
import { bytes, field } from '../lib/draw.ts'
import type { Dio, IomapWorld } from './world.ts'

/** The dio of a task's kiocb; a sentence in its place while there is none. */
export function dioRecord(s: IomapWorld, letter: Letter): RecordPicture {
  const dio = s.dios[letter]
  const base = { kind: 'record' as const, id: `iomap_dio:${letter}`, title: `struct iomap_dio of ${letter}`, owner: letter }
  if (!dio) return { ...base, fields: [], gone: s.freed[letter] ? `freed by ${s.freed[letter]}` : 'not allocated' }
  return {
    ...base,
    fields: [
      field('ref', dio.ref),
      bytes('size', dio.size),
      field('error', dio.error),
      bytes('done_before', dio.done_before),
      bytes('i_size', dio.i_size),
      field('wait_for_completion', String(dio.wait_for_completion)),
      field('submit.waiter', dio.waiter ?? 'NULL'),
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
