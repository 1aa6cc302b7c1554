/**
 * A client whose program comes with the first question: a page that brings its first run along can be stepped without it. Until then
 * nothing is owed, so there is nothing to take back.
 */
import type { Answer, Client, Word } from './client.ts'

/** What is told and not asked; it never makes the program come. */
const told: ReadonlySet<string> = new Set<keyof Client>(['cancelWhy', 'cancelExplore', 'leave', 'cancelReleases', 'restart'])

const LOST: Answer<never> = {
  ok: false,
  failure: {
    reader: 'worker',
    message: 'The program that asks the model could not be loaded. Try again; if it fails again, reload the page.',
  },
}

/** Calls keep their order: all of them wait for one promise. */
export function lateClient(load: () => Promise<Client>): Client {
  let coming: Promise<Client> | null = null
  let listener: (word: Word) => void = () => undefined
  const come = (): Promise<Client> =>
    load().then(
      (client) => {
        client.onWord(listener)
        return client
      },
      (error: unknown) => {
        coming = null
        throw error
      },
    )
  const call =
    (name: keyof Client, args: readonly unknown[]) =>
    (client: Client): unknown =>
      (client[name] as (...all: readonly unknown[]) => unknown)(...args)
  // Every member is a function, so one rule serves all of them.
  return new Proxy({} as Client, {
    get: (_, name: keyof Client) =>
      name === 'onWord'
        ? (heard: typeof listener) => void (listener = heard)
        : told.has(name)
          ? (...args: unknown[]) => void coming?.then(call(name, args), () => undefined)
          : (...args: unknown[]) => (coming ??= come()).then(call(name, args), () => LOST),
  })
}
