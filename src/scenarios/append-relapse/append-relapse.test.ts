/** Expectations cite their row of the facts: `direct-io A.9` is src/kernel/facts/direct-io.md section A.9. */
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../engine/view.ts'
import { layouts } from '../../testing/layout.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked = {}): Verdict => verdictOf(scenario, asked)

describe('an append of 64K to a file without checksums', () => {
  it('leaves a hole of 64K on 6.15, and ki_pos at its end, not at the end of the data (direct-io A.9 A24 and its side effect)', () => {
    const verdict = explore()
    expect([verdict.complete, verdict.violating]).toEqual([true, verdict.schedules])
    expect(layouts(verdict)).toEqual(['0K .... 64K A 128K'])
    expect(verdict.outcomes[0]).toMatchObject({ returns: { A: 65536 }, size: 131072, pos: 65536 })
  })

  it('is right with checksums: the write goes through the page cache from the start (direct-io A.9 A7b)', () => {
    expect(explore({ settings: { data: 'datasum' } })).toMatchObject({ complete: true, violating: '0' })
  })

  it('is right without O_APPEND: the page cache path writes where it was told to', () => {
    expect(layouts(explore({ settings: { open: 'plain' } }))).toEqual(['0K A 64K'])
  })

  it('is right if any page is present: then something is advanced, and -EFAULT is seen (direct-io 6.1, iomap_iter error priority)', () => {
    for (const resident of ['1', '4', '15', '16']) expect(layouts(explore({ settings: { resident } }))).toEqual(['0K A 64K'])
  })

  it.each(['6.11', '7.2'])('is right on %s (direct-io section 0)', (kernel) => {
    expect(layouts(explore({ kernel }))).toEqual(['0K A 64K'])
  })

  it('is the first bug still on 6.1, with ki_pos at the end (direct-io A.3)', () => {
    const verdict = explore({ kernel: '6.1' })
    expect(layouts(verdict)).toEqual(['0K .... 64K A 128K'])
    expect(verdict.outcomes[0]?.pos).toBe(131072)
  })

  it('was brought back by the error priority of iomap alone (direct-io A.9)', () => {
    expect(layouts(explore({ off: ['bc264fea0f6f'] }))).toEqual(['0K A 64K'])
    expect(layouts(explore({ kernel: '6.11', on: ['bc264fea0f6f'] }))).toEqual(['0K .... 64K A 128K'])
  })

  it('is cured by taking i_size back, through the page cache still; the retry makes it direct again (direct-io A.9, fixes)', () => {
    const way = (on: string[]): string[] => {
      const { trace } = run(stage(scenario, { on }), { named: 'late' })
      return trace.infos.filter(({ label }) => label === 'copy_from_user' || label === 'submit_bio').map(({ label }) => label)
    }
    expect(layouts(explore({ on: ['66ff4d366e7e'] }))).toEqual(['0K .... 64K A 128K'])
    expect(layouts(explore({ on: ['ff66fe666233'] }))).toEqual(['0K A 64K'])
    expect(layouts(explore({ on: ['acf9ed3a6c00'] }))).toEqual(['0K A 64K'])
    expect([way(['ff66fe666233']), way(['acf9ed3a6c00'])]).toEqual([['copy_from_user'], ['submit_bio']])
  })
})

it('flushes the range where the write was to begin: the data stay dirty until somebody syncs (direct-io A.9 A24 and its side effect)', () => {
  const { trace } = run(stage(scenario), { named: 'late' })
  const said = trace.infos.find(({ label }) => label === 'flush_buffered')?.says
  expect(said).toBe('starts writeback of what went through the page cache, [0, 64K)')
  expect(trace.infos.some(({ task, label }) => task === 'S' && label === 'cow_file_range')).toBe(true)
})
