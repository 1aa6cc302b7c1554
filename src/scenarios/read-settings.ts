/** Settings of the scenarios that stage one read (`read.ts`); words only, so that a card can have them. */
export const readSettings = <const L extends string, const F extends string>(length: L, file: F) =>
  [
    { name: 'length', values: ['4K', '8K', '16K'], default: length, says: 'how much is read; 16K is what MariaDB reads at a time' },
    {
      name: 'file',
      values: ['extents', 'apart', 'one', 'hole', 'eof', 'comp', 'inline'],
      default: file,
      says: 'extents: an extent for each page; apart: the same, in reverse order on the disk; one: one extent for all; hole: nothing in the first page; eof: the file ends after 4K; comp: compressed extents; inline: 2000 bytes, kept in the item itself',
    },
    {
      name: 'buffer',
      values: ['first', 'none', 'all', 'fixed'],
      default: 'first',
      says: 'which pages of the buffer are in the page table when the read begins: only the first, none, all; fixed: registered with io_uring',
    },
    {
      name: 'call',
      values: ['uring', 'nowait', 'aio', 'preadv2', 'rwf', 'cached'],
      default: 'uring',
      says: 'uring: io_uring; nowait: io_uring with RWF_NOWAIT; aio: libaio; preadv2: a blocking call; rwf: the same with RWF_NOWAIT; cached: io_uring without O_DIRECT',
    },
  ] as const
