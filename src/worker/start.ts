/** Starts the program of the engine. A file of its own, because a build for one file starts it in another way (`start-inline.ts`). */
export const start = (): Worker => new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name: 'lockstep engine' })
