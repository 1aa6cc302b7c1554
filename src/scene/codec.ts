/** How kinds of values are written as choices and read back: each says both ways at once, so that they cannot differ. */
import { InputError } from '../base/assert.ts'
import type { DigitReader, DigitWriter } from './digits.ts'
import { BYTES_MAX } from './scene.ts'

export interface Codec<T> {
  put(value: T, to: DigitWriter): void
  get(from: DigitReader): T
}

const broken = (): never => {
  throw new InputError('the scene in this link is damaged: a letter of it was changed or lost')
}

/** One of these; the list is kept for ever and only ever grows at its end, up to `room`. */
export const oneOf = <T>(values: readonly T[], room: number = values.length): Codec<T> => ({
  put: (value, to) => to.put(values.indexOf(value), room),
  get: (from) => {
    const at = from.get(room)
    return at < values.length ? (values[at] as T) : broken()
  },
})

/** A whole number from 0, in parts of four bits and one that says whether more follow. */
export const whole: Codec<number> = {
  put: (value, to) => {
    const more = value >= 16
    to.put((value % 16) + (more ? 16 : 0), 32)
    if (more) whole.put(Math.floor(value / 16), to)
  },
  get: (from) => {
    let [value, unit] = [0, 1]
    for (;;) {
      const part = from.get(32)
      value += (part % 16) * unit
      if (part < 16) return value
      unit *= 16
      if (unit > BYTES_MAX) return broken()
    }
  },
}

/** `null`, or a value. */
export const maybe = <T>(one: Codec<T>): Codec<T | null> => ({
  put: (value, to) => {
    to.put(value === null ? 0 : 1, 2)
    if (value !== null) one.put(value, to)
  },
  get: (from) => (from.get(2) === 0 ? null : one.get(from)),
})

export const list = <T>(one: Codec<T>, most: number): Codec<readonly T[]> => ({
  put: (values, to) => {
    whole.put(values.length, to)
    for (const value of values) one.put(value, to)
  },
  get: (from) => {
    const length = whole.get(from)
    return length > most ? broken() : Array.from({ length }, () => one.get(from))
  },
})

/** Parts in this order. */
export const parts = <T extends object>(codecs: { readonly [K in keyof T]: Codec<T[K]> }): Codec<T> => {
  const names = Object.keys(codecs) as (keyof T)[]
  return {
    put: (value, to) => {
      for (const name of names) codecs[name].put(value[name], to)
    },
    get: (from) => Object.fromEntries(names.map((name) => [name, codecs[name].get(from)])) as T,
  }
}

/** A row of `kinds`: which values, and how they are written. */
export interface Kind<T> extends Codec<T> {
  is(value: T): boolean
}

/** Kinds told apart by a choice; the table is kept for ever and only ever grows at its end, up to `room`. */
export const kinds = <T>(room: number, ...table: readonly Kind<T>[]): Codec<T> => ({
  put: (value, to) => {
    const at = table.findIndex((one) => one.is(value))
    to.put(at, room)
    table[at]?.put(value, to)
  },
  get: (from) => {
    const kind = table[from.get(room)]
    return kind ? kind.get(from) : broken()
  },
})

export const kind = <T>(is: (value: T) => boolean, { put, get }: Codec<T>): Kind<T> => ({ is, put, get })

/** The values whose `kind` (or other tag) is this; the rest of them in this order. */
export function tagged<const G extends object, T extends object>(tag: G, rest: { readonly [K in keyof T]: Codec<T[K]> }): Kind<G & T> {
  const codec = parts(rest)
  const tags = Object.entries(tag)
  return {
    is: (value) => tags.every(([name, said]) => (value as Readonly<Record<string, unknown>>)[name] === said),
    put: codec.put,
    get: (from) => ({ ...tag, ...codec.get(from) }),
  }
}

/** A value that says everything by its being chosen. */
export const constant = <U>(value: U): Codec<U> => ({ put: () => undefined, get: () => value })

const letters = 'etaonrisldcufpmgbhywvkxjqz0123456789-._ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** A word that is in no list, letter by letter. */
export const spelled: Codec<string> = {
  put: (word, to) => {
    for (const one of word) to.put(letters.indexOf(one) + 1, letters.length + 1)
    to.put(0, letters.length + 1)
  },
  get: (from) => {
    let word = ''
    for (;;) {
      const at = from.get(letters.length + 1)
      if (at === 0) return word
      word += letters[at - 1] ?? ''
      if (word.length > 80) return broken()
    }
  },
}

/** A word of the list, or any other. */
export const known = (words: readonly string[], room: number): Codec<string> => ({
  put: (word, to) => {
    to.put(words.indexOf(word) + 1, room)
    if (!words.includes(word)) spelled.put(word, to)
  },
  get: (from) => {
    const at = from.get(room)
    return at === 0 ? spelled.get(from) : (words[at - 1] ?? broken())
  },
})
