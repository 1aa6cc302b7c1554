/** Another thread of the program looks at the memory that a system call reads from. */
import type { Letter } from '../../engine/view.ts'
import { procedure, ret, step, type World } from '../../engine/procedure.ts'
import { must } from '../lib/must.ts'
import { faultIn } from '../mm/buffer.ts'
import type { MmWorld } from '../mm/world.ts'

export const touchBuffer = procedure<World & MmWorld, { readonly of: Letter }>('touch_buffer', { file: 'user space', at: 'a thread' }, [
  step(
    'load',
    (_s, f) => `a thread of the same program reads all of ${f.of}'s buffer: its pages are in the page table now`,
    { row: 'direct-io A.7', code: 'for (i = 0; i < length; i += 4096) (void)*(volatile char *)(buf + i);' },
    (s, f) => {
      const buffer = must(s.buffers[f.of])
      faultIn(buffer, 0, buffer.length, `0${f.of}`)
      return ret()
    },
  ),
])
