/** Oracles for struct iomap_dio. Wordings and ids: facts direct-io C.6. They know references, bios and what was asked for, nothing else. */
import { range } from '../../base/range.ts'
import { always, monitor, type Mark, type Oracle } from '../../engine/oracle.ts'
import type { Letter } from '../../engine/view.ts'
import { gaps } from '../lib/runs.ts'
import { available, type AskedRead } from '../oracles/reads.ts'
import { ranges, type FileWorld } from '../oracles/shown.ts'
import type { VfsWorld } from '../vfs/world.ts'
import type { Dio, IomapWorld } from './world.ts'

type Direct = FileWorld & IomapWorld & Pick<VfsWorld, 'requests'>

interface Ended {
  /** Dios that have seen their last reference dropped, by the letter of their kiocb. */
  readonly zero: Record<Letter, true>
}

/** Does this change of one dio break the rules of a reference count? */
function misuse(letter: Letter, before: Dio | undefined, after: Dio | undefined, zero: Record<Letter, true>): string | null {
  if (!before) {
    delete zero[letter]
    return null
  }
  if (after && after.ref !== after.holders.length) return `dio->ref of ${letter} is ${after.ref}, but ${after.holders.length} hold it`
  if (after && after.ref > 0 && zero[letter]) return `dio->ref of ${letter} was 0 and is ${after.ref} again`
  if (after && after.ref === 0) {
    if (zero[letter] && before.ref > 0) return `dio->ref of ${letter} reached 0 twice`
    zero[letter] = true
  }
  // Before anything was submitted an error path frees it with the submitter's reference.
  if (!after && before.ref > (before.holders.includes('submitter') ? 1 : 0))
    return `the dio of ${letter} was freed with ${before.ref} references`
  return null
}

const refOf = (letter: Letter): Mark => ({ in: `ref:${letter}`, part: 'value' })

export const counted = <W extends Direct>(): Oracle<W> =>
  monitor<W, Ended>({
    id: 'C-O3',
    kind: 'verdict',
    name: 'dio references are counted right',
    says: 'dio->ref is the number of its holders and reaches 0 once; a dio is freed once, then',
    watch: ['dios'],
    start: { zero: {} },
    observe: ({ zero }, before, after) => {
      for (const letter of new Set([...Object.keys(before.dios), ...Object.keys(after.dios)])) {
        const wrong = misuse(letter, before.dios[letter], after.dios[letter], zero)
        if (wrong !== null) return { says: wrong, marks: [refOf(letter)] }
      }
      return null
    },
  })

export const covered = <W extends Direct>(reads: readonly AskedRead[]): Oracle<W> =>
  always<W>({
    id: 'C-O5',
    kind: 'verdict',
    name: 'queued I/O covers the request',
    says: 'when -EIOCBQUEUED is returned, what was submitted or done before covers the whole request',
    watch: ['dios', 'inode'],
    judge: (s) => {
      for (const read of reads) {
        const dio = s.dios[read.io]
        if (!dio || dio.ref === 0 || dio.wait_for_completion || dio.error !== 0 || dio.holders.includes('submitter')) continue
        const [sum, all] = [dio.done_before + dio.size, available(s, read)]
        if (sum < all)
          return {
            says: `nobody waits for the dio of ${read.io}, and ${range(read.pos + sum, read.pos + all)} was never submitted`,
            marks: [{ in: `iomap_dio:${read.io}`, part: 'size' }, ...ranges(`buffer:${read.io}`, [{ from: sum, to: all }])],
          }
      }
      return null
    },
  })

/** Does the submitter sleep until its bios are done? */
const sleeps = (dio: Dio | undefined): boolean =>
  dio !== undefined && dio.wait_for_completion && dio.ref > 0 && !dio.holders.includes('submitter')

export const neverSleeps = <W extends Direct>(): Oracle<W> =>
  monitor<W, object>({
    id: 'C-O6',
    kind: 'info',
    name: 'NOWAIT never sleeps',
    says: 'an issue with IOCB_NOWAIT executes no step that can block: neither sleeps for a bio nor faults pages in',
    watch: ['dios', 'buffers'],
    start: {},
    observe: (_memory, before, after) => {
      for (const [letter, { nowait }] of Object.entries(after.kiocbs)) {
        if (!nowait) continue
        if (sleeps(after.dios[letter]) && !sleeps(before.dios[letter])) return `the NOWAIT read of ${letter} sleeps until its bio is done`
        const [was, is] = [before.buffers[letter], after.buffers[letter]]
        if (was && is && gaps(was.present, 0, was.length).length > 0 && gaps(is.present, 0, is.length).length === 0)
          return `the NOWAIT read of ${letter} faults pages of its buffer in`
      }
      return null
    },
  })
