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

/** Equality by content. */
export const same = (a: unknown, b: unknown): boolean => a === b || canonical(a) === canonical(b)
