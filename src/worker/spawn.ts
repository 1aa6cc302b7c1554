import { whenGone } from './alive.ts'
import type { WorkerLike } from './line.ts'
import type { FromWorker } from './protocol.ts'
import { start } from './start.ts'

/** Starts the engine. */
export function spawn(): WorkerLike {
  const worker = start()
  const stopped = new AbortController()
  return {
    post: (request) => worker.postMessage(request),
    listen: ({ reply, failed, watched, ended }) => {
      worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind !== 'alive') reply(data)
        else if (whenGone(data.lock, stopped.signal, ended)) watched()
      })
      worker.addEventListener('messageerror', () => failed('its answer could not be read'))
      worker.addEventListener('error', (event) => {
        // The sentence goes on the page; the console stays empty.
        event.preventDefault()
        failed(event.message || 'its program could not be loaded')
      })
    },
    stop: () => {
      stopped.abort()
      worker.terminate()
    },
  }
}
