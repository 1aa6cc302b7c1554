import type { WorkerLike } from './client.ts'

/** Starts the engine; a file of its own, because a build for one file starts it in another way. */
export function spawn(): WorkerLike {
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name: 'lockstep engine' })
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
