import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalog } from '../../scenarios/catalog.ts'
import { conditions, entriesOf, everything, filterOf, groupingOf, matches, queryOf, removals, valuesOf, type Filter } from './filter.ts'
import { facets } from './facets.ts'
import named from './named.generated.json' with { type: 'json' }

const entries = entriesOf(facets, named)
const found = (asked: Partial<Filter>): string[] =>
  entries.filter((entry) => matches(entry, { ...everything, ...asked })).map(({ card }) => card.id)

describe('what is looked for', () => {
  it('is everything where nothing is asked', () => {
    expect(found({})).toHaveLength(catalog.length)
  })

  it('is a file system: ext4 has the two bugs of facts ext4 0', () => {
    expect(found({ fs: 'ext4' })).toEqual(['ext4-position', 'ext4-osync-size'])
  })

  it('is a kernel that is hurt: 6.1.64 lands the second write on the first (ext4 0), and every bug that 6.1 has is not that of 6.1.64', () => {
    expect(found({ kernel: '6.1.64' })).toEqual(['ext4-position'])
    // direct-io A.8, and the bcachefs regression, which the revert in rc6 ends: bcachefs-buffered-write 1.
    expect(found({ kernel: '6.11-rc2' })).toEqual(expect.arrayContaining(['append-unlock', 'append-same-fd', 'bcachefs-lockless']))
    expect(found({ kernel: '7.2' })).toEqual([])
  })

  it('is a topic of the run', () => {
    expect(found({ topic: 'io_uring' })).toEqual(['dio-short-read', 'nowait-relapse'])
    expect(found({ topic: 'power failure' })).toEqual(['lost-fsync', 'fsync-torn', 'ext4-osync-size'])
  })

  it('is text: a function that runs, a commit, also by all its forty digits, a test, a rule, in any case of letters', () => {
    expect(found({ q: 'truncate_pagecache' })).toContain('bcachefs-lockless')
    expect(found({ q: '885f46d87f29' })).toContain('fsync-overlap')
    expect(found({ q: '885f46d87f29000000000000000000000000aaaa' })).toEqual(found({ q: '885f46d87f29' }))
    expect(found({ q: 'Generic/362' })).toEqual(['append-hole', 'append-relapse'])
    expect(found({ q: 'A-O7:' })).toEqual(['append-unlock'])
  })

  it('is all words of a text, and all conditions at once', () => {
    expect(found({ q: 'fsync mmap' })).toEqual(found({ q: 'fsync' }).filter((id) => found({ q: 'mmap' }).includes(id)))
    expect(found({ fs: 'btrfs', harm: 'stale data' })).toEqual(['fsync-torn'])
  })
})

describe('the address', () => {
  it('brings back what was looked for, whatever was typed', () => {
    const filter = fc.record(Object.fromEntries(conditions.map((name) => [name, fc.string({ maxLength: 40 })]))) as fc.Arbitrary<Filter>
    fc.assert(
      fc.property(filter, fc.constantFrom('harm' as const, 'fs' as const), (asked, by) => {
        const query = queryOf(asked, by)
        expect(filterOf(query)).toEqual(asked)
        expect(groupingOf(query)).toBe(by)
      }),
    )
  })

  it('is empty where nothing is looked for, and keeps what does not exist, which then finds nothing', () => {
    expect(queryOf(everything)).toBe('')
    expect(filterOf('?fs=xfs').fs).toBe('xfs')
    expect(found(filterOf('?fs=xfs'))).toEqual([])
  })
})

describe('nothing found', () => {
  it('says how many scenarios there are without each condition', () => {
    expect(removals(entries, { ...everything, fs: 'ext4', harm: 'deadlock' })).toEqual([
      { condition: 'harm', value: 'deadlock', leaves: 2 },
      { condition: 'fs', value: 'ext4', leaves: 1 },
    ])
  })
})

describe('what can be chosen', () => {
  it('is what some scenario has: no choice by itself finds nothing', () => {
    const values = valuesOf(entries)
    for (const [name, all] of Object.entries(values))
      for (const value of all) expect(found({ [name]: value }), `${name} ${value}`).not.toEqual([])
  })

  it('has kernels from the newest on, candidates before their release', () => {
    const { kernel } = valuesOf(entries)
    expect(kernel[0]).toBe('7.1')
    const at = (version: string): number => kernel.indexOf(version)
    expect(at('6.11')).toBeLessThan(at('6.11-rc2'))
    expect(at('6.11-rc2')).toBeLessThan(at('6.10.5'))
    expect(at('6.10.5')).toBeLessThan(at('6.10'))
    expect(at('6.10')).toBeLessThan(at('6.9'))
  })
})
