/** The line of releases that a bug hurts, from the facts alone: which patches let it violate (`expected.ts`), and when they came (`patches.ts`). */
import { describe, expect, it } from 'vitest'
import { releaseOf } from '../kernel/releases.ts'
import type { Expected } from './expected.ts'
import { hurtsOf, searched, type Hurts } from './hurts.ts'
import { loadScenario } from './registry.ts'

const long = process.env['LONG'] === '1'

async function byFacts(id: string): Promise<Hurts> {
  const { expected } = (await import(`./${id}/expected.ts`)) as { readonly expected: Expected }
  return hurtsOf(await loadScenario(id), (version) => expected.violates((patch) => releaseOf(version).patches.includes(patch)))
}

/** As the card's own field `affected` has it by hand, where the model reaches. */
const facts: readonly (readonly [id: string, says: string, because: string])[] = [
  [
    'append-hole',
    '6.1 to 6.10, 6.0.8 on; fixed in 6.1.105, 6.6.46, 6.10.5',
    'direct-io 0, A.1: 8184620ae212 came with 6.1 and 6.0.8, 939b656bc8ab with 6.11-rc2',
  ],
  ['append-unlock', '6.11-rc2', 'direct-io A.8 A-2: only in v6.11-rc2, no stable release had one without the other'],
  [
    'append-same-fd',
    '6.11-rc2 to 6.11-rc6, 6.1.105 to 6.1.109, 6.6.46 to 6.6.50, 6.10.5 to 6.10.9',
    'direct-io A.8 A-3: until cd9253c23aed, v6.11-rc7, 6.10.10',
  ],
  ['dio-csum', '5.16 (oldest modelled) to 6.14; fixed in 6.6.130, 6.12.117', 'direct-io B.4: 968f19c5b1b7 came with 6.15'],
  ['fsync-overlap', '5.12 (oldest modelled)', 'fsync-log-tree 1.2: 885f46d87f29 came with 5.13'],
  ['bcachefs-lockless', '6.9 to 6.11-rc5; fixed in 6.10.11', 'bcachefs-buffered-write 1: the revert is in v6.11-rc6 and 6.10.11'],
  ['dio-short-read', '5.16; fixed in 5.16.13', 'direct-io C.4: 51bd9563b678 came with 5.16, ca93e44bfb5f with 5.17 and 5.16.13'],
  ['ext4-position', '5.10.227 to 5.10.228, 6.1.64 to 6.1.65', 'ext4 0, 1.1: the two stable branches that got one fix before the other'],
]

it.each(facts)('%s hurts %s', async (id, says) => {
  expect((await byFacts(id)).says).toBe(says)
})

describe('releases that are asked', () => {
  it('include every mainline release of a stretch, also those of which the table has no column', async () => {
    const { on } = await byFacts('append-hole')
    expect(on).toEqual(['6.0.8', '6.1', '6.2', '6.3', '6.4', '6.5', '6.6', '6.7', '6.8', '6.9', '6.10'])
  })

  it.each(['append-hole', 'dio-short-read', ...(long ? ['fsync-torn', 'append-unlock', 'lost-fsync', 'ext4-osync-size'] : [])])(
    'of %s are the same by search',
    async (id) => {
      expect(hurtsOf(await loadScenario(id), searched(await loadScenario(id)))).toEqual(await byFacts(id))
    },
  )
})
