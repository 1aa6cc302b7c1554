/** Small systems that exist twice: in our step language and in Promela. Both say the same, step for step. */
import type { System } from '../../engine/system.ts'
import { append, retries } from './append.ts'
import { shortRead, waiters } from './short-read.ts'

export interface Twin {
  readonly name: string
  /** The Promela file beside this one. It takes N and FIX, the place of the variant in `variants`. */
  readonly model: string
  readonly variants: readonly string[]
  /** The system with `n` tasks beside those that are always there. */
  readonly make: (n: number, variant: string) => System
}

const twin = <V extends string>(name: string, variants: readonly V[], make: (n: number, variant: V) => System): Twin => ({
  name,
  model: `${name}.pml`,
  variants,
  make: (n, text) => {
    const variant = variants.find((one) => one === text)
    if (variant === undefined) throw new Error(`${name} has no variant ${text}; it has ${variants.join(', ')}`)
    return make(n, variant)
  },
})

export const twins: readonly Twin[] = [twin('append', retries, append), twin('short-read', waiters, shortRead)]

/** @throws Error if there is no such twin. */
export function twinNamed(name: string): Twin {
  const found = twins.find((one) => one.name === name)
  if (!found) throw new Error(`there is no twin ${name}; there are ${twins.map((one) => one.name).join(', ')}`)
  return found
}
