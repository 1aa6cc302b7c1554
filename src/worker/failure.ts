/** Whose mistake an error was, and how it is told. */
import { AuthorError, InputError } from '../base/assert.ts'
import type { FromWorker } from './protocol.ts'

type Failed = Pick<Extract<FromWorker, { kind: 'failed' }>, 'reader' | 'message'>

/** How Chromium and Firefox, and Safari, say that a part of a program cannot be had; nothing else tells it from other errors. */
const LOSS = /dynamically imported module|Importing a module script failed/

export function failureOf(error: unknown): Failed {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof InputError) return { reader: 'input', message }
  if (error instanceof AuthorError) return { reader: 'author', message }
  if (error instanceof TypeError && LOSS.test(message))
    return {
      reader: 'worker',
      message:
        'A part of the model could not be loaded: the network is gone, or the site has been changed since the page was opened. ' +
        'The address holds the place; loading the page again comes back to it.',
    }
  return { reader: 'engine', message }
}
