/** Expectations cite their row of the facts (`direct-io A.5`) or the recordings in ../append-hole/recorded. */
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../engine/view.ts'
import { layouts } from '../../testing/layout.ts'
import { verdictOf } from '../../testing/searched.ts'
import { type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked = {}): Verdict => verdictOf(scenario, asked)

describe('64K written from a buffer of which 16K are present', () => {
  it.each(['6.1.170', '6.1', '6.0', '5.16'])(
    'loses these 16K on %s, in every interleaving, and returns 65536 (direct-io A.5 row 3; recorded: 64k-first16k-populated-plain)',
    (kernel) => {
      const verdict = explore({ kernel })
      expect([verdict.complete, verdict.violating]).toEqual([true, verdict.schedules])
      expect(layouts(verdict)).toEqual(['0K .... 16K A 64K'])
      expect(verdict.outcomes[0]).toMatchObject({ returns: { A: 65536 }, size: 65536 })
    },
  )

  it.each(['6.1.192', '6.4', '6.9', '6.11', '7.2'])(
    'keeps them on %s, where a bio owns its ordered extent (direct-io section 0)',
    (kernel) => {
      const verdict = explore({ kernel })
      expect([verdict.complete, verdict.violating, layouts(verdict)]).toEqual([true, '0', ['0K A 64K']])
    },
  )

  it('loses them with O_APPEND as well on 6.1.170 (recorded: 64k-first16k-populated)', () => {
    expect(layouts(explore({ settings: { open: 'append' } }))).toEqual(['0K .... 16K A 64K'])
  })

  it('loses them though O_DSYNC syncs after each part: there is nothing to log for them', () => {
    const verdict = explore({ settings: { open: 'dsync' } })
    expect([verdict.violating, layouts(verdict)]).toEqual([verdict.schedules, ['0K .... 16K A 64K']])
  })

  it('leaves what was there before, if anything was: the new extent was never put into the tree (direct-io A.3 F1)', () => {
    expect(layouts(explore({ settings: { size: '64K' } }))).toEqual(['0K X 16K A 64K'])
  })

  it('does no harm in place: the item is there already, and the data are on disk (direct-io 6.2 item 5)', () => {
    expect(layouts(explore({ settings: { size: '64K', nocow: 'on' } }))).toEqual(['0K A 64K'])
  })

  it('loses exactly the pages that were present, all of them or none being harmless (recorded: 60k, populated, unpopulated)', () => {
    expect(layouts(explore({ settings: { resident: '15' } }))).toEqual(['0K .... 60K A 64K'])
    expect(layouts(explore({ settings: { resident: '16' } }))).toEqual(['0K A 64K'])
    expect(layouts(explore({ settings: { resident: '0' } }))).toEqual(['0K A 64K'])
  })

  it('is cured by b73a6fd1b1ef alone (direct-io A.5 row 3, "bug b73a6fd1b1ef")', () => {
    expect(explore({ on: ['b73a6fd1b1ef'] })).toMatchObject({ complete: true, violating: '0' })
  })
})
