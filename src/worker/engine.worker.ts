/** The worker's entry: it only forwards. */
import { live } from './alive.ts'
import { createDesk } from './desk.ts'
import type { FromWorker, ToWorker } from './protocol.ts'

/** The part of a worker's global scope that is used; the whole library would clash with the page's. */
interface Scope {
  addEventListener(type: 'message', listener: (event: { readonly data: ToWorker }) => void): void
  postMessage(reply: FromWorker): void
}

const scope = self as unknown as Scope

const take = createDesk((reply) => scope.postMessage(reply))

scope.addEventListener('message', ({ data }) => take(data))

live((lock) => scope.postMessage({ kind: 'alive', id: 0, lock }))
