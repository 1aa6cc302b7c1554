import type { WorkerLike } from './client.ts'
import { start } from './start.ts'

/** Starts the engine. */
export function spawn(): WorkerLike {
  const worker = start()
  return {
    post: (request) => worker.postMessage(request),
    listen: (onReply, onError) => {
      worker.addEventListener('message', (event: MessageEvent) => onReply(event.data))
      worker.addEventListener('messageerror', () => onError('its answer could not be read'))
      worker.addEventListener('error', (event) => {
        // The sentence goes on the page; the console stays empty.
        event.preventDefault()
        onError(event.message || 'its program could not be loaded')
      })
    },
    stop: () => worker.terminate(),
  }
}
