/** The worker's entry: it only forwards. */
import { handle } from './serve.ts'
import type { FromWorker, ToWorker } from './protocol.ts'

/** The part of a worker's global scope that is used; the whole library would clash with the page's. */
interface Scope {
  addEventListener(type: 'message', listener: (event: { readonly data: ToWorker }) => void): void
  postMessage(reply: FromWorker): void
}

const scope = self as unknown as Scope

scope.addEventListener('message', ({ data }) => {
  void handle(data, (reply) => scope.postMessage(reply))
})
