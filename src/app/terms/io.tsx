/** Words about how data travels. */
import { Arrow, Box, Mark, Sketch, Words } from './sketch.tsx'
import type { Explanation } from './explanation.ts'

export const ioTerms: readonly Explanation[] = [
  {
    name: 'O_DIRECT',
    says: 'The disk reads or writes the program’s own memory, past the page cache. The program must keep that memory still until the call returns.',
    sketch: (
      <Sketch>
        <Box x={10} w={60} text="buffer" />
        <Box x={90} y={4} w={60} h={18} text="cache" look="faint" />
        <Box x={172} w={60} text="disk" />
        <Arrow from={[70, 34]} to={[170, 34]} />
      </Sketch>
    ),
  },
  {
    name: 'O_APPEND',
    says: 'Every write goes to the end of the file, wherever the position was. The kernel sets the position to i_size, which is only right while nobody else can change it.',
    sketch: (
      <Sketch>
        <Box x={10} w={110} text="file" />
        <Box x={122} w={70} text="write" look="faint" />
        <Mark x={121} name="i_size" />
      </Sketch>
    ),
  },
  {
    name: 'ki_pos',
    says: 'The file position inside one read or write call (struct kiocb). It moves on as bytes are done, and a call that starts again must start from the right one.',
    sketch: (
      <Sketch>
        <Box x={10} w={80} text="done" />
        <Box x={90} w={110} text="to do" look="open" />
        <Mark x={90} name="ki_pos" />
      </Sketch>
    ),
  },
  {
    name: 'iomap',
    says: 'The kernel library that turns file offsets into disk requests for several filesystems. It asks the filesystem for one mapping at a time and submits what fits.',
    sketch: (
      <Sketch>
        <Box x={6} w={56} text="call" look="open" />
        <Arrow from={[62, 32]} to={[82, 32]} />
        <Box x={84} w={64} text="iomap" />
        <Arrow from={[148, 26]} to={[174, 14]} />
        <Arrow from={[148, 38]} to={[174, 50]} />
        <Box x={176} y={4} w={58} text="btrfs" look="open" />
        <Box x={176} y={40} w={58} text="bio" look="open" />
      </Sketch>
    ),
  },
  {
    name: 'bio',
    says: 'One request to a disk: which memory, which sectors, read or write. It completes later, in a context of its own.',
    sketch: (
      <Sketch>
        <Box x={10} w={60} text="pages" />
        <Arrow from={[70, 32]} to={[92, 32]} />
        <Box x={94} w={40} text="bio" look="open" />
        <Arrow from={[134, 32]} to={[156, 32]} />
        <Box x={158} w={74} text="sectors" />
      </Sketch>
    ),
  },
  {
    name: 'page cache',
    says: 'The kernel’s copy of file content in memory. Ordinary reads and writes go through it; the disk follows later.',
    sketch: (
      <Sketch>
        <Box x={6} w={64} text="program" look="open" />
        <Arrow from={[70, 32]} to={[88, 32]} />
        <Box x={90} w={64} text="cache" />
        <Arrow from={[154, 32]} to={[172, 32]} />
        <Box x={174} w={60} text="disk" look="open" />
      </Sketch>
    ),
  },
  {
    name: 'page table',
    says: 'What says which memory a process’s addresses mean. A page that is not in it has to be faulted in first, even if the memory itself is there.',
    sketch: (
      <Sketch>
        <Box x={10} y={4} w={90} h={16} text="address 0" look="open" />
        <Box x={10} y={24} w={90} h={16} text="address 4K" look="open" />
        <Box x={10} y={44} w={90} h={16} text="not present" look="faint" />
        <Box x={150} y={14} w={80} text="memory" />
        <Arrow from={[100, 12]} to={[148, 20]} />
        <Arrow from={[100, 32]} to={[148, 28]} />
      </Sketch>
    ),
  },
  {
    name: 'delalloc',
    says: 'Delayed allocation: a buffered write only promises space; where it goes on disk is decided at writeback. Until then there is no extent.',
    sketch: (
      <Sketch>
        <Box x={10} w={80} text="dirty pages" />
        <Arrow from={[90, 32]} to={[128, 32]} />
        <Words x={96} y={22}>
          later
        </Words>
        <Box x={130} w={90} text="place?" look="faint" />
      </Sketch>
    ),
  },
  {
    name: 'writeback',
    says: 'Writing dirty pages of the page cache to disk, in the background or because fsync asks. A page under writeback can be changed again meanwhile unless somebody prevents it.',
    sketch: (
      <Sketch>
        <Box x={10} w={70} text="dirty" />
        <Arrow from={[80, 32]} to={[106, 32]} />
        <Box x={108} w={50} text="disk" look="open" />
        <Arrow from={[158, 32]} to={[180, 32]} />
        <Box x={182} w={50} text="clean" look="faint" />
      </Sketch>
    ),
  },
  {
    name: 'short read',
    says: 'A read that returns fewer bytes than were asked for, though the file has them. Allowed by the letter, but programs take it for the end of the file.',
    sketch: (
      <Sketch>
        <Box x={10} w={100} text="returned" />
        <Box x={110} w={110} text="asked for" look="faint" />
      </Sketch>
    ),
  },
  {
    name: 'NOWAIT',
    says: 'The caller (often io_uring) would rather get -EAGAIN than wait. It then tries again from a worker that may sleep.',
    sketch: (
      <Sketch>
        <Box x={10} w={60} text="try" look="open" />
        <Arrow from={[70, 32]} to={[98, 32]} />
        <Box x={100} w={60} text="-EAGAIN" look="faint" />
        <Arrow from={[160, 32]} to={[178, 32]} />
        <Box x={180} w={54} text="worker" />
      </Sketch>
    ),
  },
  {
    name: 'io_uring',
    says: 'A way to ask for I/O without waiting. Requests go into one ring, completion events (CQEs) with their results come back in another.',
    sketch: (
      <Sketch>
        <Box x={6} w={64} text="program" look="open" />
        <Arrow from={[70, 24]} to={[112, 24]} />
        <Words x={72} y={18}>
          request
        </Words>
        <Arrow from={[112, 42]} to={[70, 42]} />
        <Words x={80} y={60}>
          CQE
        </Words>
        <Box x={114} w={64} text="kernel" />
      </Sketch>
    ),
  },
  {
    name: '-EIOCBQUEUED',
    says: 'What a read or write returns to say that all of it is on its way: its caller need not wait and will be called back. It never reaches a program.',
    sketch: (
      <Sketch>
        <Box x={6} w={70} text="submitted" look="open" />
        <Arrow from={[76, 32]} to={[112, 32]} />
        <Words x={80} y={20}>
          later
        </Words>
        <Box x={114} w={110} text="ki_complete()" />
      </Sketch>
    ),
  },
  {
    name: 'io_tree',
    says: 'The locks of a btrfs file by byte range: whoever reads or changes what lies where holds its range. They know no owner, so a task can wait for itself.',
    sketch: (
      <Sketch>
        <Box x={10} w={70} text="A" />
        <Box x={80} w={70} look="open" />
        <Box x={150} w={70} text="B" />
        <Words x={10} y={60}>
          file offset
        </Words>
      </Sketch>
    ),
  },
]
