import { AuthorError } from '../../base/assert.ts'

/** The value, which the model says is there. @throws AuthorError if it is not. */
export function must<T>(value: T | null | undefined, what = 'a part of the world that this step relies on'): T {
  if (value === null || value === undefined) throw new AuthorError(`${what} is not there; stage it, or guard the step`)
  return value
}
