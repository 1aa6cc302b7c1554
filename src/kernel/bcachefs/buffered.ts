/**
 * bcachefs: the inner function of a buffered write. Source: facts bcachefs-buffered-write 3.1. The lockless path and
 * the reverted one share it; what only one of them has looks at the patches.
 */
import { M, alignDown, alignUp, range, size, type Range } from '../../base/range.ts'
import { call, flow, goto, has, procedure, ret, step, type Self, type World } from '../../engine/procedure.ts'
import { presentPrefix } from '../mm/buffer.ts'
import {
  cannotLockPages,
  insertPages,
  isUptodate,
  lockPages,
  mark,
  setCache,
  setUptodate,
  storeInPages,
  unlockPages,
  zeroPages,
} from '../mm/cache.ts'
import { PAGE } from '../mm/world.ts'
import { ENOMEM, KILLED } from '../lib/errno.ts'
import { must } from '../lib/must.ts'
import { variables } from '../lib/variables.ts'
import { clip, gaps, transfer } from '../lib/runs.ts'
import { readFolios } from './folios.ts'
import { needInodeLock, type BcachefsWorld } from './world.ts'

/** Does a write inside i_size go without the inode lock, with the restart logic of the commit? */
export const isLockless = (s: Pick<World, 'kernel'>): boolean => has(s, '7e64c86cdc6c') && !has(s, 'e3e694094091') && !has(s, 'reduced')
/** Rows that only the lockless path has. */
export const locklessOnly = { onlyWith: '7e64c86cdc6c', onlyWithout: ['e3e694094091', 'reduced'] } as const

interface InnerWrite {
  /** Where it begins, and how much is asked for. */
  readonly pos: number
  readonly len: number
  readonly locked: boolean
  end: number
  last_folio_pos: number
  /** The folios got so far are [start of the first one, top). */
  top: number
  /** No more folios are to be had. */
  stopped: boolean
  /** Folios larger than a page among them. */
  large: Range[]
  /** The first folio is written in part and has to be read before. */
  readFirst: boolean
  copied: number
  /** Copying is over: all is copied, or a piece was short. */
  over: boolean
  /** i_size was raised. */
  grew: boolean
  error: number
}

/** Matches no i_size: what the repair starts with. */
const never = -1

const startOf = (f: InnerWrite): number => alignDown(f.pos, PAGE)
/** The folio that holds this byte. */
const folioAt = (f: InnerWrite, at: number): Range =>
  f.large.find((folio) => folio.from <= at && at < folio.to) ?? { from: alignDown(at, PAGE), to: alignDown(at, PAGE) + PAGE }

const show = (s: BcachefsWorld, f: InnerWrite, t: Self): void => {
  must(s.writers[t.letter]).last_folio_pos = f.last_folio_pos
}

/** Folios are created in the first MiB after pos only. */
const creationEnds = (f: InnerWrite): number => alignUp(f.pos + M, PAGE)

/** The size of a folio created at `at` for this write: as large as asked for, as aligned, as there is room, not behind the write's end. */
function largestFolio(s: BcachefsWorld, f: InnerWrite, at: number): number {
  let bytes = Math.min(s.fs.largestFolio, 2 ** Math.floor(Math.log2(Math.max(f.len, PAGE))))
  const fits = (): boolean => at % bytes === 0 && at + bytes <= alignUp(f.end, PAGE) && clip(s.mapping.runs, at, at + bytes).length === 0
  while (bytes > PAGE && !fits()) bytes /= 2
  return bytes
}

/** Creates missing folios of [f.top, to) and takes the lock of all of them, up to where no more are to be had. */
function getFolios(s: BcachefsWorld, f: InnerWrite, t: Self, to: number): void {
  const failing = s.failing[t.letter]
  const last = failing === 'later' ? alignUp(f.pos + f.len / 2, PAGE) : failing === 'first' ? f.top : Infinity
  while (f.top < to) {
    const at = f.top
    const [gap] = gaps(s.mapping.runs, at, to)
    if (gap?.from !== at) {
      f.top = gap?.from ?? to
    } else if (at >= creationEnds(f) || at >= last) {
      f.stopped = true
      if (at >= last) delete s.failing[t.letter]
      return
    } else {
      const large = largestFolio(s, f, at)
      f.top = large > PAGE ? at + large : Math.min(gap.to, alignUp(Math.min(creationEnds(f), last), PAGE))
      if (large > PAGE) f.large = [...f.large, { from: at, to: f.top }]
      insertPages(s.mapping, at, f.top)
    }
    lockPages(s.mapping, { from: at, to: f.top }, t.letter)
  }
}

/** Copies what is present of the next piece; sets `over` once there is no more to copy or a piece was short. */
function copyPiece(s: BcachefsWorld, f: InnerWrite, t: Self): void {
  const iter = must(s.iters[t.letter])
  const buffer = must(s.buffers[t.letter])
  const at = f.pos + f.copied
  const wanted = Math.min(s.fs.copyPiece || Infinity, f.end - at)
  const present = presentPrefix(buffer, iter.offset, wanted)
  storeInPages(s.mapping, transfer([], at, buffer.content, iter.offset, present))
  const done = present < wanted ? keptOfShortCopy(s, f, t, at + present) : at + present
  iter.offset += done - at
  iter.count -= done - at
  f.copied = done - f.pos
  f.over = present < wanted || done >= f.end
}

/**
 * The copy stopped at `end`. Drops the folios that got nothing from the list, unlocked at once; they stay in the page cache.
 * A folio that is not uptodate and got a part only is dropped too, unless it reaches i_size. Returns where the write ends now.
 */
function keptOfShortCopy(s: BcachefsWorld, f: InnerWrite, t: Self, end: number): number {
  const folio = folioAt(f, end)
  const into = Math.max(folio.from, f.pos)
  const part = end > into
  const undone = part && !isUptodate(s.mapping, folio.from, folio.to) && end < s.inode.i_size
  if (undone) setCache(s.mapping, folio.from, folio.to, [{ ...folio, stamp: '0', dirty: false, writeback: false }])
  unlockPages(s.mapping, { from: part && !undone ? folio.to : folio.from, to: f.top }, t.letter)
  return undone ? into : end
}

const row = (ids: string): string => `bcachefs-buffered-write 3.1 ${ids}`

export const bufferedWrite = procedure<BcachefsWorld, InnerWrite>(
  '__bch2_buffered_write',
  { file: 'fs/bcachefs/fs-io-buffered.c', at: '7e64c86cdc6c' },
  [
    variables<InnerWrite>({
      end: 0,
      last_folio_pos: 0,
      stopped: false,
      large: [],
      readFirst: false,
      copied: 0,
      over: false,
      grew: false,
      error: 0,
    }),
    flow<InnerWrite>((f) => {
      f.top = startOf(f)
    }),
    step(
      'last_folio_pos',
      (_s, f) =>
        `__bch2_buffered_write(${range(f.pos, f.end)}): last_folio_pos begins ${f.last_folio_pos === never ? 'with a value that never matches' : `as i_size, ${size(f.last_folio_pos)}`}`,
      { row: row('F0'), code: 'loff_t last_folio_pos = inode->v.i_size;' },
      (s, f, t) => {
        f.last_folio_pos = has(s, 'no-stale-truncate') ? never : s.inode.i_size
        f.end = f.pos + f.len
        show(s, f, t)
      },
    ),
    step(
      'get_folios',
      (_s, f) =>
        f.top > startOf(f)
          ? `has the folios ${range(startOf(f), f.top)} locked${f.top < f.end && f.stopped ? `; at ${size(f.top)} there is none, and no more are created` : ''}`
          : 'cannot allocate the first folio: -ENOMEM',
      {
        row: row('F1'),
        fn: 'bch2_filemap_get_contig_folios_d',
        code: 'ret = bch2_filemap_get_contig_folios_d(mapping, pos, end, FGP_WRITEBEGIN, ..., &fs);',
        when: (s, f, t) => cannotLockPages(s.mapping, { from: f.top, to: f.top + PAGE }, t.letter, 'folio lock'),
      },
      (s, f, t) => {
        const goal = alignUp(f.end, PAGE)
        const foreign = s.mapping.locked.find((lock) => lock.by !== t.letter && lock.from >= f.top && lock.from < goal)
        getFolios(s, f, t, foreign?.from ?? goal)
        f.stopped ||= f.top >= goal
        const first = folioAt(f, f.pos)
        f.readFirst = f.pos !== first.from && f.top > first.from && !isUptodate(s.mapping, first.from, first.to)
        if (f.top === startOf(f)) f.error = ENOMEM
      },
    ),
    flow<InnerWrite>((f) => (f.error !== 0 ? goto('eof_test') : f.stopped ? undefined : goto('get_folios'))),
    flow<InnerWrite>((f) => (f.locked || f.top >= f.end ? goto('read') : undefined)),
    step(
      'need_inode_lock',
      (_s, f) =>
        `the last folio ends at ${size(f.top)}, the write at ${size(f.end)}: without the inode lock it cannot be atomic, so give up`,
      {
        row: row('F2'),
        code: 'if (!inode_locked && folio_end_pos(darray_last(fs)) < end) ret = -BCH_ERR_need_inode_lock;',
        ...locklessOnly,
      },
      (_s, f) => {
        f.error = needInodeLock
        return goto('unlock_folios')
      },
    ),
    flow<InnerWrite>((f) => (f.readFirst ? undefined : goto('last_folio')), 'read'),
    step(
      'read_first',
      (_s, f) => `reads the folio at ${size(startOf(f))} from disk: it is written in part`,
      { row: row('F3'), fn: 'bch2_read_single_folio', code: 'ret = bch2_read_single_folio(f, mapping);' },
      (s, f) => {
        const first = folioAt(f, f.pos)
        readFolios(s, first.from, first.to)
      },
    ),
    step(
      'last_folio',
      (_s, f) => `last_folio_pos becomes ${size(f.last_folio_pos)}: the last folio of ${range(f.pos, f.end)}`,
      { row: row('F4'), code: 'end = min(end, folio_end_pos(f)); last_folio_pos = folio_pos(f);' },
      (s, f, t) => {
        f.end = Math.min(f.end, f.top)
        const last = folioAt(f, f.top - 1)
        f.last_folio_pos = last.from
        show(s, f, t)
        if (f.end === last.to || isUptodate(s.mapping, last.from, last.to)) return
        if (f.end >= s.inode.i_size) zeroPages(s.mapping, last.from, last.to)
        else readFolios(s, last.from, last.to)
      },
    ),
    step(
      'reserve',
      (_s, f) => `looks up the sectors of ${range(f.pos, f.end)} in the btree and reserves space`,
      { row: row('F5, F6'), code: 'bch2_folio_set(); bch2_folio_reservation_get_partial();' },
      () => undefined,
    ),
    step(
      'copy',
      (_s, f) =>
        f.copied === f.end - f.pos
          ? `copies ${size(f.copied)} from the user buffer with page faults disabled`
          : f.over
            ? `copies ${f.copied === 0 ? 'nothing' : `only ${size(f.copied)}`}: the next page of the user buffer is not mapped, and page faults are disabled`
            : `copies the first ${size(f.copied)} from the user buffer`,
      { row: row('F7'), code: 'f_copied = copy_folio_from_iter_atomic(f, f_offset, f_len, iter);' },
      (s, f, t) => copyPiece(s, f, t),
    ),
    flow<InnerWrite>((f) => (!f.over ? goto('copy') : f.copied === 0 ? goto('unlock_folios') : undefined)),
    step(
      'update',
      (s, f) =>
        f.error === KILLED
          ? `the write ends past i_size ${size(s.inode.i_size)}, and the inode lock is not held: BUG_ON(!inode_locked)`
          : `i_size ${f.grew ? 'becomes' : 'stays'} ${size(s.inode.i_size)}; the folios of ${range(f.pos, f.pos + f.copied)} are uptodate and dirty`,
      { row: row('F8'), code: 'if (end > inode->v.i_size) { BUG_ON(!inode_locked); i_size_write(); } ... bch2_set_folio_dirty();' },
      (s, f) => {
        const end = f.pos + f.copied
        if (end > s.inode.i_size) {
          if (isLockless(s) && !f.locked) {
            f.error = KILLED
            // The line in 6.10.10, from the line numbers of the revert's diff.
            s.dmesg = [...s.dmesg, { text: 'kernel BUG at fs/bcachefs/fs-io-buffered.c:935!', level: 'error' }]
            return
          }
          s.inode.i_size = end
          f.grew = true
        }
        const [from, to] = [startOf(f), folioAt(f, end - 1).to]
        setUptodate(s.mapping, from, to)
        // Sectors are dirty or not by themselves; here a folio's are alike.
        mark(s.mapping, from, to, { dirty: true })
      },
    ),
    flow<InnerWrite>((f) => (f.error === KILLED ? ret(KILLED) : undefined)),
    step(
      'unlock_folios',
      (_s, f) => (f.error === needInodeLock ? 'need_inode_lock: unlocks its folios' : 'unlocks its folios'),
      { row: row('F9'), code: 'out: darray_for_each(fs, fi) { folio_unlock(*fi); folio_put(*fi); }' },
      (s, f, t) => unlockPages(s.mapping, { from: startOf(f), to: f.top }, t.letter),
    ),
    step(
      'eof_test',
      (s, f) =>
        f.last_folio_pos >= s.inode.i_size
          ? `last_folio_pos ${size(f.last_folio_pos)} >= i_size ${size(s.inode.i_size)}: concludes that folios past EOF were left behind`
          : `last_folio_pos ${f.last_folio_pos === never ? 'matches nothing' : `${size(f.last_folio_pos)} < i_size ${size(s.inode.i_size)}`}: nothing to clean up`,
      { row: row('F10'), code: 'if (last_folio_pos >= inode->v.i_size)' },
      (s, f) => (f.last_folio_pos >= s.inode.i_size ? undefined : ret(f.error || f.copied)),
    ),
    step(
      'eof_argument',
      (s) => `reads i_size once more, ${size(s.inode.i_size)}, and passes it to truncate_pagecache() by value`,
      { row: row('F10'), code: 'truncate_pagecache(&inode->v, inode->v.i_size);' },
      (s) => call('truncate_pagecache', { to: s.inode.i_size }),
    ),
    flow<InnerWrite>((f) => ret(f.error || f.copied)),
  ],
)
