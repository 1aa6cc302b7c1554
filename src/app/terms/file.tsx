/** Words about what a file is made of. */
import { Arrow, Box, Mark, Sketch, Words } from './sketch.tsx'
import type { Explanation } from './explanation.ts'

export const fileTerms: readonly Explanation[] = [
  {
    name: 'i_size',
    says: 'The length of the file as the kernel has it in memory: what stat() shows and where reading ends. It can be ahead of what is on disk.',
    sketch: (
      <Sketch>
        <Box x={10} w={150} text="file" />
        <Mark x={160} name="i_size" />
      </Sketch>
    ),
  },
  {
    name: 'disk_i_size',
    says: 'The length that is written into the inode item and would be found after a crash. It follows i_size only when the data is safely in its place.',
    sketch: (
      <Sketch>
        <Box x={10} w={90} text="on disk" />
        <Box x={100} w={60} look="faint" />
        <Mark x={100} name="disk_i_size" end />
        <Mark x={160} name="i_size" />
      </Sketch>
    ),
  },
  {
    name: 'extent',
    says: 'A run of bytes of a file that lies in one piece on disk. A file is a list of extents, sorted by offset.',
    sketch: (
      <Sketch>
        <Box x={10} y={6} w={60} text="0" />
        <Box x={70} y={6} w={80} text="64K" />
        <Box x={60} y={40} w={80} />
        <Box x={160} y={40} w={60} />
        <Arrow from={[40, 26]} to={[188, 39]} />
        <Arrow from={[110, 26]} to={[100, 39]} />
      </Sketch>
    ),
  },
  {
    name: 'hole',
    says: 'A part of a file that has no place on disk and reads as zeros. A hole that nobody asked for is lost data.',
    sketch: (
      <Sketch>
        <Box x={10} w={70} text="data" />
        <Box x={80} w={70} text="hole" look="open" />
        <Box x={150} w={70} text="data" />
      </Sketch>
    ),
  },
  {
    name: 'NO_HOLES',
    says: 'A btrfs feature (the default now): a hole is simply not recorded. Without it every hole has an extent item of its own, and its absence is an error.',
    sketch: (
      <Sketch>
        <Box x={10} y={6} w={60} text="item" />
        <Box x={70} y={6} w={60} text="item: hole" look="faint" />
        <Box x={130} y={6} w={60} text="item" />
        <Box x={10} y={38} w={60} text="item" />
        <Words x={100} y={52}>
          -
        </Words>
        <Box x={130} y={38} w={60} text="item" />
      </Sketch>
    ),
  },
  {
    name: 'ordered extent',
    says: 'The btrfs record of data that is on its way to disk. When the write is done a worker finishes it: only then does the file get its extent item.',
    sketch: (
      <Sketch>
        <Box x={6} w={60} text="write" look="open" />
        <Arrow from={[66, 32]} to={[84, 32]} />
        <Box x={86} w={70} text="ordered" look="faint" />
        <Arrow from={[156, 32]} to={[174, 32]} />
        <Box x={176} w={60} text="item" />
      </Sketch>
    ),
  },
  {
    name: 'unwritten',
    says: 'Space that fallocate() has set aside: it has a place on disk but reads as zeros until it is written. Writing turns that part into ordinary data.',
    sketch: (
      <Sketch>
        <Box x={10} w={60} text="data" />
        <Box x={70} w={140} text="unwritten" look="faint" />
      </Sketch>
    ),
  },
  {
    name: 'checksum',
    says: 'btrfs keeps a crc32c of every block and compares it when the block is read. If the two differ the read fails with EIO rather than return wrong data.',
    sketch: (
      <Sketch>
        <Box x={10} w={90} text="block" />
        <Arrow from={[100, 32]} to={[128, 32]} />
        <Box x={130} w={100} text="0x8941f998" look="open" />
      </Sketch>
    ),
  },
  {
    name: 'NODATASUM',
    says: 'A file (or a mount) without data checksums. Whatever the disk returns is believed.',
    sketch: (
      <Sketch>
        <Box x={10} w={90} text="block" />
        <Arrow from={[100, 32]} to={[128, 32]} />
        <Box x={130} w={100} text="none" look="faint" />
      </Sketch>
    ),
  },
]
