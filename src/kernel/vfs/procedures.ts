/** Every procedure of vfs; all file systems run the same ones. */
import { aioProcedures } from './aio.ts'
import { callProcedures } from './calls.ts'
import { guestProcedures } from './guest.ts'
import { programProcedures } from './programs.ts'
import { thread } from './thread.ts'
import { uringProcedures } from './uring.ts'

export const vfsProcedures = [...callProcedures, ...programProcedures, thread, ...aioProcedures, ...uringProcedures, ...guestProcedures]
