import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, copy, same, structuralHash } from './plain.ts'

// `__proto__` as a key is no plain data: writing it sets the prototype.
const plain = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'))

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, entry]) => [key, reversed(entry)]),
  )
}

describe('canonical text', () => {
  it('is JSON with sorted keys', () => {
    expect(canonical({ b: [1, { d: null, c: 'x"y' }], a: true })).toBe('{"a":true,"b":[1,{"c":"x\\"y","d":null}]}')
    expect(canonical([])).toBe('[]')
    expect(canonical({})).toBe('{}')
  })

  it('leaves undefined entries out', () => {
    expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}')
  })

  it('does not depend on the order in which keys were written, and parses back to the same data', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const text = canonical(value)
        return text === canonical(reversed(value)) && canonical(JSON.parse(text)) === text
      }),
    )
  })

  it('differs for data that differ', () => {
    fc.assert(
      fc.property(plain, plain, (a, b) => (canonical(a) === canonical(b)) === (JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)))),
    )
  })
})

/** The same data with sorted keys, so that JSON.stringify can compare. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return ['array', ...value.map(sorted)]
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return ['object', ...entries.map(([key, entry]) => [key, sorted(entry)])]
}

describe('copy', () => {
  it('is equal, and shares nothing that could be written to', () => {
    const original = { runs: [{ from: 0, to: 4096 }], name: 'f' }
    const other = copy(original)
    expect(other).toEqual(original)
    const run = other.runs[0]
    if (run) run.to = 8192
    other.runs.push({ from: 1, to: 2 })
    expect(original).toEqual({ runs: [{ from: 0, to: 4096 }], name: 'f' })
  })

  it('keeps all data', () => {
    fc.assert(fc.property(plain, (value) => same(copy(value), value)))
  })
})

describe('equality by content', () => {
  it('is that of the canonical text, and equal data have one hash', () => {
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        const equal = canonical(a) === canonical(b)
        return same(a, b) === equal && (!equal || structuralHash(a) === structuralHash(b))
      }),
    )
    fc.assert(fc.property(plain, (a) => same(a, reversed(a)) === (canonical(a) === canonical(reversed(a)))))
  })

  it('does not depend on the order of keys, nor on entries that are undefined', () => {
    const [one, two] = [
      { a: 1, b: [true, null], c: undefined },
      { b: [true, null], a: 1 },
    ]
    expect([same(one, two), same(two, one), structuralHash(one) === structuralHash(two)]).toEqual([true, true, true])
    expect([same({ a: undefined, b: 1 }, { a: 1 }), same([], {}), same(null, {}), same(0, null)]).toEqual([false, false, false, false])
  })
})
