/** JSON-like data: what a state may be made of. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

/** A deep copy that may be written to. */
export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const out: unknown[] = new Array(value.length)
    for (let i = 0; i < value.length; i++) out[i] = copy(value[i])
    return out as T
  }
  const out: Record<string, unknown> = {}
  for (const key in value) out[key] = copy((value as Record<string, unknown>)[key])
  return out as T
}

/** Texts as JSON writes them; states repeat the same few keys and words all the time. */
const quoted = new Map<string, string>()
function quote(text: string): string {
  let json = quoted.get(text)
  if (json === undefined) {
    json = JSON.stringify(text)
    if (text.length < 40 && quoted.size < 10_000) quoted.set(text, json)
  }
  return json
}

/** One text for equal data, whatever the order in which the keys were written. Undefined values are left out. */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null) return String(value)
  let out = ''
  if (Array.isArray(value)) {
    for (const entry of value) out += (out === '' ? '[' : ',') + canonical(entry)
    return out === '' ? '[]' : out + ']'
  }
  const record = value as Record<string, unknown>
  const keys = Object.keys(record)
  if (keys.length > 1) keys.sort()
  for (const key of keys) {
    const entry = record[key]
    if (entry !== undefined) out += (out === '' ? '{' : ',') + quote(key) + ':' + canonical(entry)
  }
  return out === '' ? '{}' : out + '}'
}

/** Equality by content, as `canonical` has it: the order of keys and undefined values do not count. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Number.isNaN(a) && Number.isNaN(b)
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false
    return true
  }
  if (Array.isArray(b)) return false
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  let more = 0
  for (const key in left) {
    const value = left[key]
    if (value === undefined) continue
    if (!same(value, right[key])) return false
    more++
  }
  for (const key in right) if (right[key] !== undefined) more--
  return more === 0
}

/** What `make` makes of an object, made once for each: nothing that it reads may change. */
export function madeOnce<K extends object, V>(make: (of: K) => V): (of: K) => V {
  const made = new WeakMap<K, { readonly value: V }>()
  return (of) => {
    const known = made.get(of) ?? { value: make(of) }
    made.set(of, known)
    return known.value
  }
}

/** Hashes of texts; states repeat the same few keys and words all the time. */
const hashes = new Map<string, number>()
function hashOfText(text: string): number {
  const known = hashes.get(text)
  if (known !== undefined) return known
  let hash = 7
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash ^= hash >>> 15
  if (text.length < 40 && hashes.size < 10_000) hashes.set(text, hash)
  return hash
}

/** Of values that cannot change any more, once they have been asked for. */
const frozen = new WeakMap<object, number>()

/** A number of 32 bits that is the same for values that are `same`. */
export function structuralHash(value: unknown): number {
  if (typeof value === 'number') return Math.imul((value | 0) ^ (value / 0x100000000), 0x9e3779b1) ^ 0x55
  if (typeof value === 'string') return hashOfText(value)
  if (typeof value !== 'object' || value === null) return value === true ? 0x2345671 : value === false ? 0x3456712 : 0x1234567
  if (!Object.isFrozen(value)) return hashOfParts(value)
  let hash = frozen.get(value)
  if (hash === undefined) frozen.set(value, (hash = hashOfParts(value)))
  return hash
}

function hashOfParts(value: object): number {
  let hash = 17
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ structuralHash(value[i]), 0x85ebca6b) ^ (hash >>> 13)
    return hash
  }
  const record = value as Record<string, unknown>
  // Keys add up, whatever their order.
  for (const key in record) {
    const entry = record[key]
    if (entry !== undefined) hash = (hash + Math.imul(hashOfText(key) ^ structuralHash(entry) ^ 0x5bd1e995, 0xc2b2ae35)) | 0
  }
  return hash ^ (hash >>> 15)
}
