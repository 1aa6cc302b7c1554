/**
 * Starts the program of the engine where one file holds everything: from a blob. Pages opened from file:// may start classic workers
 * that way and no others. The build for one file puts this in the place of `start.ts`.
 */
import Engine from './engine.worker.ts?worker&inline'

export const start = (): Worker => new Engine({ name: 'lockstep engine' })
