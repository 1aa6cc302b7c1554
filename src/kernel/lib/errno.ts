/** Error numbers, as calls return them, and a few of the kernel's own that no program sees. */
export const EIO = -5
export const EAGAIN = -11
export const ENOMEM = -12
export const EFAULT = -14
export const EINVAL = -22
export const ENOSPC = -28
export const EROFS = -30
/** Internal: fall back to buffered I/O. */
export const ENOTBLK = -15
/** Internal: the request is in flight, ki_complete will be called. */
export const EIOCBQUEUED = -529
/** Not an errno: the signal that a fault past the end of a file raises. */
export const SIGBUS = -1007
/** Not an errno: the signal that a store to memory mapped without PROT_WRITE raises. */
export const SIGSEGV = -1011
/** Not an errno: the task ran into BUG() and is gone. Its call never returns, and what it had locked stays locked. */
export const KILLED = -1008

const names: Readonly<Record<number, string>> = {
  [EIO]: 'EIO',
  [EAGAIN]: 'EAGAIN',
  [ENOMEM]: 'ENOMEM',
  [EFAULT]: 'EFAULT',
  [ENOTBLK]: 'ENOTBLK',
  [EINVAL]: 'EINVAL',
  [-27]: 'EFBIG',
  [ENOSPC]: 'ENOSPC',
  [EROFS]: 'EROFS',
  [EIOCBQUEUED]: 'EIOCBQUEUED',
  [SIGBUS]: 'SIGBUS',
  [SIGSEGV]: 'SIGSEGV',
}
/** `EAGAIN` for -11, as a program sees it; the number where it has no name here. */
export const errnoName = (error: number): string => names[error] ?? String(error)
/** `-EAGAIN`, as kernel code writes it. */
export const errorName = (error: number): string => (names[error] === undefined ? String(error) : `-${names[error]}`)
