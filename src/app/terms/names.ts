/** The words that a newcomer may not know, of the kernel and of this page, and how they are written. What they mean is loaded when somebody asks. */
export interface Term {
  readonly name: string
  /** How it is written in running text, as the source of a regular expression; names with letters and digits around them do not match. */
  readonly pattern: string
}

/** Longer names first, so that `ordered extent` is not read as `extent`. */
export const terms: readonly Term[] = [
  { name: 'i_size', pattern: '(?<!disk_)i_size' },
  { name: 'disk_i_size', pattern: 'disk_i_size' },
  { name: 'extent', pattern: '(?<!ordered )extents?(?! (?:map|item))' },
  { name: 'hole', pattern: 'holes?' },
  { name: 'NO_HOLES', pattern: 'NO_HOLES' },
  { name: 'ordered extent', pattern: 'ordered[ -]extents?' },
  { name: 'unwritten', pattern: 'unwritten|preallocated' },
  { name: 'checksum', pattern: 'checksums?|csums?' },
  { name: 'NODATASUM', pattern: 'NODATASUM|nodatasum' },
  { name: 'O_DIRECT', pattern: 'O_DIRECT|direct (?:writes?|reads?|IO|I/O)' },
  { name: 'O_APPEND', pattern: 'O_APPEND|IOCB_APPEND|RWF_APPEND' },
  { name: 'ki_pos', pattern: 'ki_pos' },
  { name: 'iomap', pattern: 'iomap(?!_)' },
  { name: 'bio', pattern: 'bios?' },
  { name: 'page cache', pattern: 'page cache' },
  { name: 'page table', pattern: 'page tables?' },
  { name: 'delalloc', pattern: 'delalloc' },
  { name: 'writeback', pattern: 'writeback' },
  { name: 'short read', pattern: 'short reads?|returns short' },
  { name: 'io_uring', pattern: 'io_uring(?!_)' },
  { name: '-EIOCBQUEUED', pattern: '-EIOCBQUEUED' },
  { name: 'io_tree', pattern: 'io_tree' },
  { name: 'NOWAIT', pattern: 'IOCB_NOWAIT|NOWAIT' },
  { name: 'inode lock', pattern: 'inode lock|i_rwsem' },
  { name: 'i_mmap_lock', pattern: 'i_mmap_lock' },
  { name: 'page_mkwrite', pattern: '(?:btrfs_)?page_mkwrite(?:\\(\\))?' },
  { name: 'mmap', pattern: 'mmap(?:ped)?(?:\\(\\))?' },
  { name: 'fsync', pattern: 'fsync(?:\\(\\))?|fdatasync(?:\\(\\))?' },
  { name: 'log tree', pattern: 'log tree|tree log' },
  { name: 'transaction', pattern: 'transactions?' },
  { name: 'min_key', pattern: 'min_key' },
  { name: 'tree checker', pattern: 'tree[- ]checker' },
  { name: 'extent map', pattern: 'extent maps?' },
  { name: 'schedule', pattern: 'schedules?' },
  { name: 'interleaving', pattern: 'interleavings?' },
  { name: 'race window', pattern: 'race windows?' },
  { name: 'violate', pattern: '[Vv]iolat(?:es?|ing|ed)' },
].sort((a, b) => b.name.length - a.name.length)
