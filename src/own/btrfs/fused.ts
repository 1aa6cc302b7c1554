/**
 * Steps of btrfs that a search for what calls return, and for what the file is at the end, takes together with the step before. Of two such
 * steps one can change places with whatever another task does between them: what takes a lock can be put off, what gives one up can be done
 * sooner, and what is done under a lock that keeps all others out, or to what is the task's own, can be either (R. Lipton, "Reduction").
 * Nothing here holds for a power failure, which sees what lies between; nor for who asks how the log or the trees come about.
 */

/**
 * By procedure. A group is what is taken at once: locks are taken, then one thing is done that others could see, then locks are given up. So
 * each begins with a step that is not here: a program's next call at the latest.
 */
const steps: Readonly<Record<string, readonly string[]>> = {
  // That a call ends is its own caller's affair.
  write: ['return'],
  preadv2: ['return'],
  fsync: ['return'],
  ftruncate: ['return'],
  fallocate: ['return'],
  syncfs: ['return'],
  sync_file_range_call: ['return'],
  mmap_stores: ['return'],
  // The mode is chosen by i_size as it is without the lock; with it nobody can change what the checks look at. Then pages are looked for.
  btrfs_direct_write: [
    'lock_mode',
    'write_checks',
    'write_check',
    'cont_expand',
    'check_direct_IO',
    'unlock_before_complete',
    'set_private',
    'set_skip_flag',
    'set_journal_info',
    'clear_skip_flag',
    'clear_private',
    'clear_journal_info',
    'unlock',
  ],
  btrfs_direct_read: ['lock_inode', 'again', 'unlock'],
  // The range is locked in the io_tree until it is mapped; the bio that follows is nobody's before it is submitted.
  __iomap_dio_rw: ['alloc_dio', 'dio_begin', 'pin_pages', 'submit_bio', 'zero_fill', 'drop_ref'],
  btrfs_dio_iomap_begin: ['get_blocks', 'unlock_extent', 'map_extent'],
  btrfs_dio_iomap_end: ['unlock_unread'],
  btrfs_extract_ordered_extent: ['split_ordered'],
  btrfs_dio_submit_io: ['csum_one_bio'],
  // Once a bio's data are where they go only those that wait for it learn so.
  btrfs_dio_end_io: ['ordered_io_done'],
  btrfs_end_dio_bio: ['check_csum'],
  iomap_dio_bio_end_io: ['put_ref'],
  end_bio_extent_writepage: ['end_writeback'],
  // The range is locked up to the last but one; who finds the ordered extent before it is removed waits for it.
  btrfs_finish_ordered_io: ['drop_extents', 'insert_item', 'add_csums', 'update_inode', 'remove_ordered', 'drop_failed'],
  btrfs_buffered_write: ['lock_inode', 'write_checks', 'cont_expand', 'unlock_inode'],
  btrfs_readpage: ['end_read'],
  // The pages are locked.
  btrfs_fdatawrite_range: ['cow_file_range', 'submit_pages'],
  btrfs_page_mkwrite: ['wait_writeback', 'lock_extent', 'lookup_ordered', 'set_delalloc', 'unlock'],
  btrfs_setsize: ['lock_inode', 'setsize'],
  btrfs_punch_hole: ['lock_inode', 'lock_mmap', 'unlock'],
  btrfs_fallocate: ['lock_inode', 'lock_mmap', 'lookup_ordered', 'start_transaction', 'unlock_extent', 'unlock'],
}

/**
 * The worker that finishes the ordered extent of a direct write: whoever finds that, and not only its range locked, waits for it. (That of a
 * write-back is seen by a direct read, which goes through the page cache then.)
 */
const spawns = ['btrfs_dio_end_io.ordered_io_done>oe']

/**
 * Where tasks do nothing but write, nobody reads a page without its lock, the disk, or what lies where: whoever writes waits for what is under
 * way, and finds the same whether it was written back before or after. So a write is what it changes under the inode lock or, a direct one,
 * under the lock of the range; all that follows can follow at once.
 */
const writing: Readonly<Record<string, readonly string[]>> = {
  __iomap_dio_rw: ['invalidate', 'submit_bio>bio'],
  btrfs_dio_iomap_begin: ['raise_i_size'],
  iomap_dio_complete: ['complete'],
  btrfs_buffered_write: ['copy_from_user'],
  btrfs_direct_write: ['flush_buffered'],
  btrfs_fdatawrite_range: ['write_cache_pages', 'submit_pages>writeback'],
  end_bio_extent_writepage: ['end_writeback>oe'],
}

const named = (table: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.entries(table).flatMap(([name, labels]) => labels.map((label) => `${name}.${label}`))

export const fused: ReadonlySet<string> = new Set([...named(steps), ...spawns])
/** The same where tasks only write. */
export const fusedOfWriters: ReadonlySet<string> = new Set([...fused, ...named(writing)])
