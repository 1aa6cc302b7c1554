/** Settings of the scenarios that stage one read (`read.ts`); words only, so that a card can have them. */
export const readSettings = <const L extends string, const F extends string>(length: L, file: F) =>
  [
    {
      name: 'length',
      label: 'bytes read',
      values: ['4K', '8K', '16K'],
      default: length,
      says: 'how much is read; 16K is what MariaDB reads at a time',
    },
    {
      name: 'file',
      label: 'layout of the file',
      values: ['extents', 'apart', 'one', 'hole', 'eof', 'comp', 'inline'],
      default: file,
      says: 'extents: an extent for each page; apart: the same, in reverse order on the disk; one: one extent for all; hole: nothing in the first page; eof: the file ends after 4K; comp: compressed extents; inline: 2000 bytes, kept in the item itself',
    },
    {
      name: 'buffer',
      label: 'pages present at first',
      values: ['first', 'none', 'all', 'fixed'],
      default: 'first',
      says: 'which pages of the buffer are in the page table when the read begins: only the first, none, all; fixed: registered with io_uring',
    },
    {
      name: 'call',
      label: 'how the read is made',
      values: ['uring', 'nowait', 'aio', 'preadv2', 'rwf', 'cached'],
      default: 'uring',
      says: 'uring: io_uring; nowait: io_uring with RWF_NOWAIT; aio: libaio; preadv2: a blocking call; rwf: the same with RWF_NOWAIT; cached: io_uring without O_DIRECT',
    },
  ] as const

/** Who reads what, into which memory. */
export function readScene({ length, buffer, call }: Readonly<Record<'length' | 'buffer' | 'call', string>>): string {
  const via =
    call === 'uring' || call === 'nowait' || call === 'cached' ? 'through io_uring' : call === 'aio' ? 'through libaio' : 'by preadv2()'
  const memory = {
    first: length === '4K' ? 'a buffer that is in its page table' : 'a buffer of which only the first page is in its page table',
    none: 'a buffer that is not in its page table',
    all: 'a buffer that is in its page table',
    fixed: 'a buffer that it has registered with io_uring',
  }[buffer]
  return `A program reads ${length} of a file on btrfs ${via}, ${call === 'cached' ? 'from the page cache' : 'with O_DIRECT'}, into ${memory}.`
}
