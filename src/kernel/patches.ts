/** The commits, proposals and experiments that the model can switch, as data. What each changes is where its id is looked up. */
import type { PatchKind } from '../engine/view.ts'

export interface Patch {
  /** 12 hex digits, or a name for what was never a commit. */
  readonly id: string
  /** A short name for switches and links. */
  readonly name: string
  readonly subject: string
  readonly kind: PatchKind
  /** Switching this one on switches these on. */
  readonly needs: readonly string[]
  readonly excludes: readonly string[]
  /** First mainline release or candidate that has it; null for what was never merged. */
  readonly since: string | null
  /** Stable releases that got it, each the first of its branch: `6.0.8`. */
  readonly stable: readonly string[]
  /** The file system whose files it changes something for; null = any that uses the code. */
  readonly fs: string | null
}

/** The tree that a subject begins with; what is iomap's is for whoever uses it. */
function treeOf(subject: string): string | null {
  const tree = /^(\w+): /.exec(subject)?.[1] ?? null
  return tree === 'iomap' ? null : tree
}

const merged = (id: string, name: string, kind: PatchKind, since: string, subject: string, more: Partial<Patch> = {}): Patch => ({
  id,
  name,
  subject,
  kind,
  needs: [],
  excludes: [],
  since,
  stable: [],
  fs: treeOf(subject),
  ...more,
})
const proposed = (name: string, kind: PatchKind, subject: string, more: Partial<Patch> = {}): Patch => ({
  id: name,
  name,
  subject,
  kind,
  needs: [],
  excludes: [],
  since: null,
  stable: [],
  fs: treeOf(subject),
  ...more,
})

/** Sources: facts/direct-io.md sections 0 and 4, facts/fsync-log-tree.md 1.2 and 6, facts/bcachefs-buffered-write.md 1, 3.4, 6, facts/ext4.md 1.1. */
export const patches: readonly Patch[] = [
  merged('8318ba79eeeb', 'i_mmap_lock', 'fix', '5.13', 'btrfs: add a i_mmap_lock to our inode'),
  merged('64708539cd23', 'inode-lock-cleanup', 'fix', '5.13', 'btrfs: cleanup inode_lock/inode_unlock uses', { needs: ['8318ba79eeeb'] }),
  merged('8c99516a8cdd', 'mmap-vs-remap', 'fix', '5.13', 'btrfs: exclude mmaps while doing remap', {
    needs: ['8318ba79eeeb', '64708539cd23'],
  }),
  merged('8d9b4a162a37', 'mmap-vs-fallocate', 'fix', '5.13', 'btrfs: exclude mmap from happening during all fallocate operations', {
    needs: ['8318ba79eeeb', '64708539cd23'],
  }),
  merged('885f46d87f29', 'mmap-vs-fsync', 'fix', '5.13', 'btrfs: fix race between memory mapped writes and fsync', {
    needs: ['8318ba79eeeb', '64708539cd23', '8c99516a8cdd', '8d9b4a162a37'],
  }),
  proposed('lock-whole-range', 'proposal', 'fsync locks the whole io_tree range while it logs (rejected: blocks readers)', { fs: 'btrfs' }),

  merged('d99478874355', 'prealloc-past-eof', 'fix', '5.17', 'btrfs: fix lost prealloc extents beyond eof after full fsync', {
    stable: ['5.10.104', '5.15.27', '5.16.13'],
  }),

  // 5.15.y got this one and its fix together, between 5.15.36 and 5.15.39.
  merged('51bd9563b678', 'nofault-dio', 'regression', '5.16', 'btrfs: fix deadlock due to page faults during direct IO reads and writes', {
    stable: ['5.15.37'],
  }),
  merged(
    'ca93e44bfb5f',
    'eagain-multi-extent',
    'fix',
    '5.17',
    'btrfs: fallback to blocking mode when doing async dio over multiple extents',
    { needs: ['51bd9563b678'], excludes: ['wait-on-partial-read'], stable: ['5.15.37', '5.16.13'] },
  ),
  proposed(
    'wait-on-partial-read',
    'proposal',
    'iomap: wait for a read of which only a part was submitted, NOWAIT or not (rejected: a NOWAIT read must not sleep)',
    { needs: ['51bd9563b678'], excludes: ['ca93e44bfb5f'], fs: 'btrfs' },
  ),
  merged('ee5b46a353af', 'dio-read-1m', 'regression', '6.0-rc1', 'btrfs: increase direct io read size limit to 256 sectors'),
  merged('79d3d1d12e6f', 'no-large-nowait', 'fix', '6.0-rc3', "btrfs: don't allow large NOWAIT direct reads", { needs: ['ee5b46a353af'] }),
  merged('8184620ae212', 'relock', 'regression', '6.1', 'btrfs: fix lost file sync on direct IO write with nowait and dsync iocb', {
    needs: ['51bd9563b678'],
    stable: ['5.15.78', '6.0.8'],
  }),
  proposed(
    'skip-checks-on-retry',
    'proposal',
    'skip generic_write_checks() when the write is retried (tried by the reporter; rejected: the lock was dropped)',
    { excludes: ['939b656bc8ab'], fs: 'btrfs' },
  ),
  merged('b73a6fd1b1ef', 'split-oe', 'fix', '6.4', 'btrfs: split partial dio bios before submit'),
  merged(
    'f13e01b89daf',
    'wait-after-failure',
    'fix',
    '6.10-rc3',
    'btrfs: ensure fast fsync waits for ordered extents after a write failure',
    {
      stable: ['6.9.11'],
    },
  ),
  merged('939b656bc8ab', 'keep-lock', 'fix', '6.11-rc2', 'btrfs: fix corruption after buffer fault in during direct IO append write', {
    needs: ['8184620ae212'],
    excludes: ['skip-checks-on-retry'],
    stable: ['5.15.165', '6.1.105', '6.6.46', '6.10.5'],
  }),
  merged('e0391e92f9ab', 'double-unlock', 'fix', '6.11-rc3', 'btrfs: fix double inode unlock for direct IO sync writes', {
    needs: ['939b656bc8ab'],
    stable: ['5.15.165', '6.1.105', '6.6.46', '6.10.5'],
  }),
  merged('cd9253c23aed', 'journal-info', 'fix', '6.11-rc7', 'btrfs: fix race between direct IO write and fsync when using same fd', {
    needs: ['939b656bc8ab', 'e0391e92f9ab'],
    stable: ['5.15.167', '6.1.110', '6.6.51', '6.10.10'],
  }),
  merged('da2dccd7451d', 'zero-to-write', 'fix', '6.14-rc3', 'btrfs: fix hole expansion when writing at an offset beyond EOF', {
    stable: ['5.15.179', '6.1.129', '6.6.79', '6.12.16', '6.13.4'],
  }),
  merged('968f19c5b1b7', 'buffered-if-csum', 'fix', '6.15', 'btrfs: always fallback to buffered write if the inode requires checksum', {
    stable: ['6.6.130', '6.12.117'],
    excludes: ['never-checksum'],
  }),
  merged('7c2830f00c3e', 'buffered-if-copies', 'fix', '7.0', 'btrfs: fallback to buffered IO if the data profile has duplication'),
  proposed(
    'never-checksum',
    'proposal',
    'direct I/O always skips data checksums (considered upstream, rejected: an inode that has checksums must have all)',
    { excludes: ['968f19c5b1b7', 'bounce'], fs: 'btrfs' },
  ),
  proposed('bounce', 'proposal', 'btrfs: use IOMAP_DIO_BOUNCE flag instead of falling back to buffered IO', {
    excludes: ['never-checksum'],
  }),
  merged('bc264fea0f6f', 'iomap-advance', 'regression', '6.15', 'iomap: support incremental iomap_iter advances'),
  merged('66ff4d366e7e', 'truncate-oe-tail', 'fix', '7.2', 'btrfs: fix false IO failure after falling back to buffered write', {
    stable: ['6.1.180'],
  }),
  merged('ff66fe666233', 'roll-back-i_size', 'fix', '7.2', 'btrfs: fix incorrect buffered IO fallback for append direct writes', {
    needs: ['66ff4d366e7e'],
    stable: ['6.1.180'],
  }),
  merged('acf9ed3a6c00', 'retry-on-zero', 'fix', '7.2', 'btrfs: retry faulting in the pages after a zero sized short direct write', {
    needs: ['ff66fe666233'],
    stable: ['6.1.180'],
  }),
  merged('7e64c86cdc6c', 'lockless', 'regression', '6.9', 'bcachefs: Buffered write path now can avoid the inode lock'),
  proposed('reduced', 'proposal', "upstream's experiment: only skip the inode lock for writes that do not extend the file, no restart", {
    needs: ['7e64c86cdc6c'],
    excludes: ['e3e694094091'],
    fs: 'bcachefs',
  }),
  merged('e3e694094091', 'revert', 'fix', '6.11-rc6', 'bcachefs: Revert lockless buffered IO path', {
    needs: ['7e64c86cdc6c'],
    excludes: ['reduced'],
    stable: ['6.10.11'],
  }),
  proposed(
    'no-stale-truncate',
    'ours',
    "one-line repair of H1, ours and not upstream's: last_folio_pos begins with a value that never matches",
    { fs: 'bcachefs' },
  ),
  proposed(
    'no-size-recheck',
    'ours',
    'experiment of ours: without the second look at i_size under the pagecache lock, to see what it is for',
    { needs: ['7e64c86cdc6c'], fs: 'bcachefs' },
  ),

  proposed('log-before-skip', 'ours', 'repair of ours: an fsync has nothing to do only when the log that has the inode is on disk'),

  merged('91562895f803', 'size-in-end-io', 'fix', '6.7-rc1', 'ext4: properly sync file size update after O_SYNC direct IO', {
    stable: ['5.10.227', '5.15.168', '6.1.64', '6.5.13', '6.6.3'],
  }),
  // Only the end_io of ext4 answers with a count.
  merged('936e114a245b', 'ki-pos-later', 'fix', '6.5-rc1', 'iomap: update ki_pos a little later', {
    fs: 'ext4',
    stable: ['5.10.229', '5.15.142', '6.1.66'],
  }),
  merged('619f75dae2cf', 'both-sizes', 'fix', '6.7', 'ext4: fix warning in ext4_dio_write_end_io()', {
    needs: ['91562895f803'],
    stable: ['5.10.227', '5.15.168', '6.1.69'],
  }),
]

const byId = new Map(patches.map((patch) => [patch.id, patch]))

/** The patch with this id. @throws Error if there is none: ids in model code are literals, checked by a test. */
export function patchOf(id: string): Patch {
  const patch = byId.get(id)
  if (!patch) throw new Error(`no patch ${id}; the ones there are: ${patches.map((p) => p.id).join(' ')}`)
  return patch
}

/** What can be switched where files of this file system are looked at, in the order of the table. */
export const patchesFor = (fs: string): readonly Patch[] => patches.filter((patch) => patch.fs === null || patch.fs === fs)
