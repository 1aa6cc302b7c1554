/** A mistake of the engine itself, never of a scenario's author or a reader. */
export class EngineBug extends Error {
  override name = 'EngineBug'
  constructor(message: string) {
    super(`[engine bug] ${message}`)
  }
}

/** A mistake in a model or a scenario. The message names the scenario or procedure, the step and the remedy. */
export class AuthorError extends Error {
  override name = 'AuthorError'
}

/** Bad input from a reader (a link, an option, a file): one clear sentence that names the value and the remedy. */
export class InputError extends Error {
  override name = 'InputError'
}

/** Throws EngineBug unless `condition` holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new EngineBug(message)
}

/** The default branch of a switch that should be exhaustive; the type error is the point. */
export function unreachable(value: never): never {
  throw new EngineBug(`unexpected ${JSON.stringify(value)}`)
}
