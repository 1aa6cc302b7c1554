/**
 * What a card says goes wrong is something that the rules broken in its documented run tell of. Which rule tells of what is written
 * here by hand, from the rule's own sentence; ids are those of a file system's facts.
 */
import { describe, expect, it } from 'vitest'
import { firstRuns } from '../store/run/first-runs.ts'
import { damagedParts } from '../testing/damage.ts'
import { broken } from '../testing/shown.ts'
import { picturesAt } from '../store/run/frames.ts'
import type { Harm } from './card.ts'
import { catalog } from './catalog.ts'
import { facets } from '../app/home/facets.ts'

const tells: Readonly<Record<string, Harm>> = {
  // direct-io A.7: an append is at the old end, the size grows by what was written, no hole lies before the data.
  'btrfs A-O1': 'hole',
  'btrfs A-O2': 'hole',
  'btrfs A-O3': 'hole',
  // Who unlocks holds the lock, who is in the locked part holds it, nobody runs into BUG() for that.
  'btrfs A-O6': 'lock',
  'btrfs A-O7': 'lock',
  'btrfs A-O8': 'lock',
  'btrfs A-O11': 'lock',
  // What was reported as written, or as durable, is there.
  'btrfs W1': 'lost data',
  'btrfs W2': 'lost data',
  'bcachefs P1': 'lost data',
  'bcachefs P2': 'lost data',
  'bcachefs P3': 'lost data',
  'ext4 O3': 'lost data',
  'ext4 O4': 'lost data',
  'btrfs B-O1': 'checksum',
  // Items of one inode do not overlap; the file system does not become read-only.
  'btrfs O1': 'metadata',
  'btrfs O6': 'metadata',
  // Nothing comes back that had been replaced before.
  'btrfs O2': 'stale data',
  'btrfs O3': 'stale data',
  'btrfs O4': 'stale data',
  'bcachefs P5-reads': 'stale data',
  // A read gives what there is to read, a write moves the file position by what it returns.
  'btrfs C-O1': 'wrong result',
  'btrfs C-O5': 'wrong result',
  'bcachefs P4': 'wrong result',
  'ext4 O1': 'wrong result',
}

describe.each(catalog)('$id', ({ id, harm, asks }) => {
  const run = firstRuns[id]!.trace
  const told = new Set(broken(run).map((rule) => (rule.id === 'deadlock' ? 'deadlock' : tells[`${facets[id]!.fs} ${rule.id}`])))

  it(`is about ${harm}, as its broken rules say`, () => {
    expect(asks === undefined ? [...told] : ['question']).toContain(harm)
  })

  it('waits for ever at its end if and only if it is about a deadlock', () => {
    expect(asks === undefined && run.end === 'stuck').toBe(harm === 'deadlock')
  })
})

it.each(catalog.filter(({ harm }) => harm === 'hole'))('$id has a hole at its end, which is marked', ({ id }) => {
  const run = firstRuns[id]!.trace
  expect(damagedParts(picturesAt(run, run.steps.length)).join()).toMatch(/\(hole\)/)
})
