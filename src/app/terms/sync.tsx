/** Words about locks, the log and what survives a crash. */
import { Arrow, Box, Mark, Sketch, Words } from './sketch.tsx'
import type { Explanation } from './explanation.ts'

export const syncTerms: readonly Explanation[] = [
  {
    name: 'inode lock',
    says: 'The lock that a write to a file takes. Whoever lets it go in the middle of a call must look at everything again afterwards.',
    sketch: (
      <Sketch>
        <Box x={10} w={70} text="A holds" />
        <Box x={86} w={70} text="B waits" look="faint" />
        <Arrow from={[120, 54]} to={[48, 46]} />
      </Sketch>
    ),
  },
  {
    name: 'i_mmap_lock',
    says: 'A btrfs lock of the inode that keeps stores through mmap out. Without it a page can become dirty in the middle of an fsync.',
    sketch: (
      <Sketch>
        <Box x={10} w={100} text="fsync" />
        <Box x={150} w={80} text="mmap store" look="faint" />
        <Arrow from={[150, 32]} to={[114, 32]} />
      </Sketch>
    ),
  },
  {
    name: 'page_mkwrite',
    says: 'What the kernel calls when a program first stores into a mapped page: the filesystem reserves space and makes the page dirty. It takes no inode lock.',
    sketch: (
      <Sketch>
        <Box x={6} w={54} text="store" look="open" />
        <Arrow from={[60, 32]} to={[80, 32]} />
        <Box x={82} w={84} text="page_mkwrite" />
        <Arrow from={[166, 32]} to={[184, 32]} />
        <Box x={186} w={48} text="dirty" />
      </Sketch>
    ),
  },
  {
    name: 'mmap',
    says: 'A file seen as memory: the program stores into it without a system call. The kernel learns of the first store to each page only.',
    sketch: (
      <Sketch>
        <Box x={10} w={80} text="memory" />
        <Arrow from={[90, 28]} to={[138, 28]} />
        <Arrow from={[138, 36]} to={[90, 36]} />
        <Box x={140} w={80} text="file" />
      </Sketch>
    ),
  },
  {
    name: 'fsync',
    says: 'The promise that what was written before will be there after a power failure. btrfs keeps it by writing a small log tree instead of a whole transaction.',
    sketch: (
      <Sketch>
        <Box x={10} w={70} text="memory" />
        <Arrow from={[80, 32]} to={[128, 32]} />
        <Words x={88} y={24}>
          fsync
        </Words>
        <Box x={130} w={70} text="disk" />
      </Sketch>
    ),
  },
  {
    name: 'log tree',
    says: 'A small tree into which fsync copies the items of one inode. After a power failure it is replayed over the last transaction.',
    sketch: (
      <Sketch>
        <Box x={10} y={6} w={130} text="subvolume tree" />
        <Box x={10} y={40} w={60} text="log" look="open" />
        <Arrow from={[70, 46]} to={[150, 24]} />
        <Words x={156} y={24}>
          after a crash
        </Words>
      </Sketch>
    ),
  },
  {
    name: 'transaction',
    says: 'A set of tree changes that becomes valid all at once when the superblock points to it. Everything after the last one is lost in a crash, except what the log has.',
    sketch: (
      <Sketch>
        <Box x={10} w={60} text="N" />
        <Box x={74} w={60} text="N + 1" />
        <Box x={138} w={60} text="N + 2" look="faint" />
        <Mark x={136} name="crash" />
      </Sketch>
    ),
  },
  {
    name: 'min_key',
    says: 'Where the copying of items into the log goes on: the smallest key that was not looked at yet. Items that appear before it are not seen.',
    sketch: (
      <Sketch>
        <Box x={10} w={50} text="0" />
        <Box x={60} w={50} text="64K" />
        <Box x={110} w={50} text="128K" look="open" />
        <Mark x={110} name="min_key" />
      </Sketch>
    ),
  },
  {
    name: 'tree checker',
    says: 'Checks every leaf before it is written and after it is read. Overlapping extent items are refused, and the filesystem goes read-only.',
    sketch: (
      <Sketch>
        <Box x={10} y={10} w={110} text="item" />
        <Box x={80} y={34} w={110} text="item" look="open" />
        <Words x={198} y={38}>
          no
        </Words>
      </Sketch>
    ),
  },
  {
    name: 'extent map',
    says: 'What btrfs remembers in memory about where a range of a file is. It can already know an extent that has no item yet.',
    sketch: (
      <Sketch>
        <Box x={10} w={80} text="range" look="open" />
        <Arrow from={[90, 32]} to={[138, 32]} />
        <Box x={140} w={80} text="place" />
      </Sketch>
    ),
  },
]
