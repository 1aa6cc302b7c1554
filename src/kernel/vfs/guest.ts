/** Who shares memory with a system call: a CPU that stores to it, and a guest whose page it is. Source: facts direct-io B.2, B.3 G1, B.8. */
import { range, size } from '../../base/range.ts'
import { call, flow, goto, procedure, ret, step, type World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import type { MmWorld } from '../mm/world.ts'
import { must } from '../lib/must.ts'
import type { WriteIter } from '../lib/operations.ts'
import { paint, type Run } from '../lib/runs.ts'
import { variables } from '../lib/variables.ts'
import type { VfsWorld } from './world.ts'

export interface Memset {
  /** Whose buffer. */
  readonly buffer: Letter
  /** One store (or memset) each, by offset in the buffer. */
  readonly stores: readonly Run[]
}

interface Stores extends Memset {
  done: number
}

/** Plain CPU stores, without a system call or a lock. Only a guest with stable writes waits, for the writeback of its own page. */
const cpuStores = procedure<World & MmWorld, Stores>('memset', { file: 'user space', at: 'the guest, or another thread' }, [
  variables<Stores>({ done: 0 }),
  step(
    'store_to_buffer',
    (s, f) => {
      const { from, to, stamp } = must(f.stores[f.done - 1])
      const { guest } = must(s.buffers[f.buffer])
      const flag = guest?.writeback
        ? ", though the guest's page is under writeback, and marks it dirty again"
        : '; the page is dirty in the guest'
      return `stores ${stamp} to ${range(from, to)} of ${f.buffer}'s buffer${guest ? flag : ''}`
    },
    {
      row: 'direct-io B.3 G1',
      code: 'memset(buf, c, n)',
      when: (s, f) => {
        const { guest } = must(s.buffers[f.buffer])
        return guest?.stable && guest.writeback ? { on: "writeback of the guest's page", heldBy: [f.buffer] } : null
      },
    },
    (s, f) => {
      const { from, to, stamp } = must(f.stores[f.done])
      const buffer = must(s.buffers[f.buffer])
      buffer.content = paint(buffer.content, from, to, stamp)
      if (buffer.guest) buffer.guest.dirty = true
      f.done++
      return f.done < f.stores.length ? goto('store_to_buffer') : ret()
    },
  ),
])

export interface GuestWrite {
  /** How the host serves the request: a system call of the iothread. */
  readonly host: { readonly procedure: 'write' | 'write_cached'; readonly locals: WriteIter }
  /** Does it write a page that became dirty meanwhile once more? */
  again: boolean
}

/** A guest writes a page of its page cache back, and the iothread of the virtual machine serves the request. */
const guestWriteback = procedure<World & MmWorld & VfsWorld, GuestWrite & { result: number }>(
  'virtio_blk_request',
  { file: 'guest kernel and QEMU', at: 'cache=none' },
  [
    step(
      'guest_writepage',
      (s, _f, t) =>
        `the guest writes a page back: clears its dirty bit, sets its writeback flag, sends a request of ${size(must(s.iters[t.letter]).count)} to the host`,
      { row: 'direct-io B.2', fn: '__block_write_full_page', code: 'guest: set_page_writeback(page); submit_bh()' },
      (s, _f, t) => {
        must(s.buffers[t.letter]).guest = { ...must(must(s.buffers[t.letter]).guest), dirty: false, writeback: true }
      },
    ),
    flow<GuestWrite>(({ host }) => call(host.procedure, host.locals, 'result')),
    step(
      'guest_end_io',
      (s, _f, t) =>
        `the request is complete: the guest clears the writeback flag${must(s.buffers[t.letter]).guest?.dirty ? '; its page has become dirty meanwhile' : ''}`,
      { row: 'direct-io B.2', fn: 'end_buffer_async_write', code: 'guest: end_page_writeback(page)' },
      (s, f, t) => {
        const buffer = must(s.buffers[t.letter])
        const guest = must(buffer.guest)
        buffer.guest = { ...guest, writeback: false }
        if (!guest.dirty || !f.again) return ret(f.result)
        // The same request once more.
        f.again = false
        const iter = must(s.iters[t.letter])
        must(s.kiocbs[t.letter]).ki_pos -= iter.offset
        s.iters[t.letter] = { offset: 0, count: iter.offset }
        must(s.calls[t.letter]).returned = null
        return goto('guest_writepage')
      },
    ),
  ],
)

export const guestProcedures = [cpuStores, guestWriteback]
