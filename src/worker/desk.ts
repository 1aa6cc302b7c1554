/**
 * In which order a worker answers. Searches wait for one another, since the next question is mostly about what the last one has searched;
 * whatever else is asked is answered between their slices.
 */
import type { FromWorker, ToWorker } from './protocol.ts'
import { handle } from './serve.ts'

/** Takes requests; `post` sends what comes of them. */
export function createDesk(post: (reply: FromWorker) => void): (request: ToWorker) => void {
  const gone = new Set<number>()
  let line = Promise.resolve()
  const next = (then: () => Promise<void> | void): void => void (line = line.then(then))
  return (request) => {
    switch (request.kind) {
      case 'ping':
        return post({ kind: 'ping', id: request.id })
      case 'cancel': {
        for (const id of request.ids) gone.add(id)
        // It is behind all of them in the line.
        return next(() => {
          for (const id of request.ids) gone.delete(id)
          post({ kind: 'cancel', id: request.id })
        })
      }
      default: {
        const isGone = (): boolean => gone.has(request.id)
        const work = (): Promise<void> | void => (isGone() ? undefined : handle(request, post, isGone))
        return 'maxStates' in request ? next(work) : void work()
      }
    }
  }
}
