/** What fsx logged, on the model: the file that fsx expects is the file that the model has, byte for byte and writer by writer. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { playFsx, type LoggedOperation } from './fsx.ts'

const long = process.env['LONG'] === '1'
const FILE = 64 * 1024

type Op = 'WRITE' | 'MAPWRITE' | 'TRUNCATE' | 'PUNCH' | 'ZERO' | 'FALLOC' | 'READ' | 'SKIPPED'

/** good_buf of ltp/fsx.c: who wrote each byte last, 0 for zeros. Operations past the end of the file are as fsx has them. */
function expected(given: readonly (readonly [op: Op, offset: number, length: number])[]): {
  readonly operations: LoggedOperation[]
  readonly file: readonly number[]
} {
  let file: number[] = []
  const operations: LoggedOperation[] = []
  const fill = (from: number, to: number, by: number): void => {
    while (file.length < to) file.push(0)
    file.fill(by, from, to)
  }
  given.forEach(([op, offset, length], i) => {
    const n = i + 1
    const [from, to] = [offset, Math.min(FILE, offset + length)]
    const row = { n, op: op as string, from, to, dest: null, skipped: false, marks: [] as string[] }
    const skip = (): void => void operations.push({ ...row, op: 'SKIPPED', from: null, to: null, skipped: true })
    if (op === 'SKIPPED') return skip()
    if (op === 'TRUNCATE') {
      const before = file.length
      operations.push({
        ...row,
        op: offset < before ? 'TRUNCATE DOWN' : 'TRUNCATE UP',
        from: Math.min(offset, before),
        to: Math.max(offset, before),
        dest: offset,
      })
      file = file.slice(0, offset)
      return fill(offset, offset, 0)
    }
    // Reads past the end and punches behind it are logged as skipped.
    if ((op === 'READ' && to > file.length) || (op === 'PUNCH' && from >= file.length) || from >= to) return skip()
    const keepsSize = op === 'FALLOC' && length % 2 === 0
    operations.push({ ...row, marks: keepsSize ? ['PAST_EOF'] : [] })
    if (op === 'WRITE' || op === 'MAPWRITE') fill(from, to, n)
    if (op === 'PUNCH') fill(from, Math.min(to, file.length), 0)
    if (op === 'ZERO') fill(from, to, 0)
    if (op === 'FALLOC' && !keepsSize) fill(file.length, Math.max(to, file.length), 0)
  })
  return { operations, file }
}

const runsOf = (file: readonly number[]) => {
  const out: { from: number; to: number; by: number | null }[] = []
  file.forEach((by, at) => {
    const last = out.at(-1)
    if (last && last.by === (by || null)) last.to = at + 1
    else out.push({ from: at, to: at + 1, by: by || null })
  })
  return out
}

describe('the operations of an fsx log', () => {
  it.each(['6.1', '6.12'])('leave on %s the file that fsx expects, with the last writer of every byte', (release) => {
    const op = fc.tuple(
      fc.constantFrom<Op>('WRITE', 'WRITE', 'MAPWRITE', 'TRUNCATE', 'PUNCH', 'ZERO', 'FALLOC', 'READ', 'SKIPPED'),
      fc.nat(FILE),
      fc.integer({ min: 1, max: 20_000 }),
    )
    fc.assert(
      fc.property(fc.array(op, { minLength: 1, maxLength: 12 }), (given) => {
        const { operations, file } = expected(given)
        const played = playFsx(operations, release)
        expect(played).toMatchObject({ ran: operations.length, stopped: null, sizes: [], size: file.length })
        expect(played.written).toEqual(runsOf(file))
      }),
      { numRuns: long ? 400 : 25, seed: 3 },
    )
  })

  it('are run up to the first that the model does not have, which is named', () => {
    const write: LoggedOperation = { n: 1, op: 'WRITE', from: 0, to: 8192, dest: null, skipped: false, marks: [] }
    const clone: LoggedOperation = { ...write, n: 2, op: 'CLONE', dest: 8192 }
    expect(playFsx([write, clone, { ...write, n: 3 }], '6.12')).toMatchObject({
      ran: 1,
      stopped: { n: 2, says: 'the model of btrfs has no CLONE' },
      size: 8192,
      written: [{ from: 0, to: 8192, by: 1 }],
    })
  })

  it('tell where the log has another size than the model: ZERO may have kept it', () => {
    const row = { from: 0, to: 4096, dest: null, skipped: false, marks: [] }
    const zero: LoggedOperation = { ...row, n: 2, op: 'ZERO', from: 0, to: 8192 }
    const cut: LoggedOperation = { ...row, n: 3, op: 'TRUNCATE DOWN', from: 1024, to: 4096, dest: 1024 }
    expect(playFsx([{ ...row, n: 1, op: 'WRITE' }, zero, cut], '6.12').sizes).toEqual([{ n: 3, logged: 4096, model: 8192 }])
  })
})
