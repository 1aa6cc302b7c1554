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

/** One text for equal data, whatever the order in which the keys were written. Undefined values are left out. */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) {
    let out = '['
    for (let i = 0; i < value.length; i++) out += (i ? ',' : '') + canonical(value[i])
    return out + ']'
  }
  const record = value as Record<string, unknown>
  const keys = Object.keys(record)
  if (keys.length > 1) keys.sort()
  let out = '{'
  for (const key of keys)
    if (record[key] !== undefined) out += (out.length > 1 ? ',' : '') + JSON.stringify(key) + ':' + canonical(record[key])
  return out + '}'
}

/** Equality by content. */
export const same = (a: unknown, b: unknown): boolean => a === b || canonical(a) === canonical(b)
