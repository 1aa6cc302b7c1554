/**
 * Numbers of known ranges as one number, written with letters and digits: what `packed.ts` says of a scene, one choice after the other.
 * A choice among n takes log2(n) bits, whatever n is.
 */
import { InputError } from '../base/assert.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const base = BigInt(alphabet.length)

/** Longer payloads are of nobody's making. */
const CHARACTERS_MAX = 4000

export class DigitWriter {
  readonly #digits: [value: number, radix: number][] = []

  put(value: number, radix: number): void {
    this.#digits.push([value, radix])
  }

  /** The first digit is the least: leading zeros cost nothing. */
  text(): string {
    let whole = 0n
    for (const [value, radix] of this.#digits.toReversed()) whole = whole * BigInt(radix) + BigInt(value)
    let text = ''
    for (; whole > 0n; whole /= base) text = (alphabet[Number(whole % base)] ?? '') + text
    return text === '' ? '0' : text
  }
}

export class DigitReader {
  #rest = 0n

  constructor(text: string) {
    if (text.length > CHARACTERS_MAX)
      throw new InputError(`the scene in this link has ${text.length} characters, more than ${CHARACTERS_MAX}`)
    for (const one of text) {
      const digit = alphabet.indexOf(one)
      if (digit < 0) throw new InputError(`the scene in this link has "${one}", which is no letter and no digit`)
      this.#rest = this.#rest * base + BigInt(digit)
    }
  }

  get(radix: number): number {
    const value = Number(this.#rest % BigInt(radix))
    this.#rest /= BigInt(radix)
    return value
  }

  /** Nothing but zeros is left. */
  get done(): boolean {
    return this.#rest === 0n
  }
}
