import { describe, expect, it } from 'vitest'
import { InputError } from '../base/assert.ts'
import { choose, compareVersions, releases, releasesTelling, resolveRelease } from './releases.ts'

const contents = (version: string): readonly string[] => resolveRelease(version).release.patches
const contains = (version: string, id: string): boolean => contents(version).includes(id)
const yes = (version: string, id: string): string => (contains(version, id) ? 'yes' : 'no')

/** Releases of the table of facts direct-io section 0, by column; more where a column spans more of ours. */
const columns: readonly (readonly string[])[] = [
  ['5.16'],
  ['5.17'],
  ['6.0'],
  ['6.1'],
  ['6.4', '6.7', '6.9'],
  ['6.10.5'],
  ['6.11'],
  ['6.15'],
  ['7.2'],
]

/** The rows of that table: what the patches of a release say, and what the table says. */
const switches: readonly { readonly name: string; readonly of: (version: string) => string; readonly table: string }[] = [
  {
    name: 'write retry jumps to',
    of: (v) => (contains(v, '8184620ae212') && !contains(v, '939b656bc8ab') ? 'relock' : 'again'),
    table: 'again again again relock relock again again again again',
  },
  {
    name: 'fsync told "I already held" by',
    of: (v) => (contains(v, 'cd9253c23aed') ? 'journal_info' : contains(v, '939b656bc8ab') ? 'private_data' : 'n/a'),
    table: 'n/a n/a n/a n/a n/a private_data journal_info journal_info journal_info',
  },
  { name: 'OE split per submitted bio', of: (v) => yes(v, 'b73a6fd1b1ef'), table: 'no no no no yes yes yes yes yes' },
  { name: 'datasum inode DIO write -> buffered', of: (v) => yes(v, '968f19c5b1b7'), table: 'no no no no no no no yes yes' },
  { name: 'iomap_end error beats -EFAULT', of: (v) => yes(v, 'bc264fea0f6f'), table: 'no no no no no no no yes yes' },
  { name: 'i_size rolled back on short DIO write', of: (v) => yes(v, 'ff66fe666233'), table: 'no no no no no no no no yes' },
  { name: 'retry when dio returned 0', of: (v) => yes(v, 'acf9ed3a6c00'), table: 'no no no no no no no no yes' },
  {
    name: 'max bytes per read mapping',
    of: (v) => (contains(v, 'ee5b46a353af') ? '1M' : '4K'),
    table: '4K 4K 1M 1M 1M 1M 1M 1M 1M',
  },
  {
    name: 'NOWAIT mapping shorter than request -> -EAGAIN',
    of: (v) => yes(v, 'ca93e44bfb5f'),
    table: 'no yes yes yes yes yes yes yes yes',
  },
  { name: 'NOWAIT read > PAGE_SIZE -> -EAGAIN', of: (v) => yes(v, '79d3d1d12e6f'), table: 'no no yes yes yes yes yes yes yes' },
]

describe('the kernel presets of direct-io section 0', () => {
  it.each(switches)('$name', ({ of, table }) => {
    const expected = table.split(' ').flatMap((value, column) => (columns[column] ?? []).map((version) => [version, value]))
    expect(expected.map(([version = '']) => [version, of(version)])).toEqual(expected)
  })
})

describe('stable releases', () => {
  it('6.0.8 got the regression that 6.0 does not have (direct-io A.1)', () => {
    expect([contains('6.0', '8184620ae212'), contains('6.0.8', '8184620ae212')]).toEqual([false, true])
  })

  it('6.10.11 has the fix for fsync on the same descriptor that 6.10.5 lacks (direct-io A.8, A-3)', () => {
    expect([contains('6.10.5', 'cd9253c23aed'), contains('6.10.11', 'cd9253c23aed')]).toEqual([false, true])
  })

  it('6.12.117 sends direct writes to checksummed files through the page cache, which 6.11 does not', () => {
    expect([contains('6.11', '968f19c5b1b7'), contains('6.12.117', '968f19c5b1b7')]).toEqual([false, true])
  })

  it('6.1 never split ordered extents: 6.1.192 keeps a partial write by the set of 2026, without which the same build loses it', () => {
    for (const [version, restores] of [
      ['6.1.170', false],
      ['6.1.192', true],
    ] as const) {
      expect(contains(version, '939b656bc8ab')).toBe(true)
      expect(contains(version, 'b73a6fd1b1ef')).toBe(false)
      expect(contains(version, '66ff4d366e7e')).toBe(restores)
      expect(contains(version, 'ff66fe666233')).toBe(restores)
    }
  })

  it('6.11-rc2 has the fix of the append without the two fixes of the fix, 6.11 all three (direct-io A.8)', () => {
    const three = ['939b656bc8ab', 'e0391e92f9ab', 'cd9253c23aed']
    expect(three.map((id) => contains('6.11-rc2', id))).toEqual([true, false, false])
    expect(three.map((id) => contains('6.11', id))).toEqual([true, true, true])
  })

  it('6.0-rc1 reads 1M at once and takes large NOWAIT reads, which rc3 refuses (direct-io section 4)', () => {
    expect([contains('6.0-rc1', 'ee5b46a353af'), contains('6.0-rc1', '79d3d1d12e6f')]).toEqual([true, false])
    expect([contains('6.0', 'ee5b46a353af'), contains('6.0', '79d3d1d12e6f')]).toEqual([true, true])
    expect(contains('5.17', 'ee5b46a353af')).toBe(false)
  })

  it('6.1.192-rk is 6.1.192 with relock, no size put back, no -EAGAIN for NOWAIT reads, and fsync without the mmap lock', () => {
    const gone = contents('6.1.192').filter((id) => !contents('6.1.192-rk').includes(id))
    const retry = ['939b656bc8ab', 'e0391e92f9ab', 'cd9253c23aed']
    const rollBack = ['66ff4d366e7e', 'ff66fe666233', 'acf9ed3a6c00']
    expect(gone.sort()).toEqual([...retry, ...rollBack, 'ca93e44bfb5f', '79d3d1d12e6f', '885f46d87f29'].sort())
    expect(contents('6.1.192-rk').filter((id) => !contents('6.1.192').includes(id))).toEqual([])
  })

  it('page faults and fsync exclude each other from 5.13 on, with all that this needs (fsync-log-tree 1.2)', () => {
    const series = ['8318ba79eeeb', '64708539cd23', '8c99516a8cdd', '8d9b4a162a37', '885f46d87f29']
    expect(series.map((id) => contains('5.12', id))).toEqual([false, false, false, false, false])
    expect(series.map((id) => contains('5.13', id))).toEqual([true, true, true, true, true])
  })
})

describe('a version', () => {
  it('is compared by numbers, not by letters', () => {
    expect(compareVersions('6.9', '6.10')).toBeLessThan(0)
    expect(compareVersions('6.1', '6.1.0')).toBe(0)
    expect(compareVersions('6.1.192', '6.1.170')).toBeGreaterThan(0)
    expect(compareVersions('6.1.192', '6.1.192-rk')).toBe(0)
  })

  it('is later than its release candidates, and these are compared by numbers', () => {
    const order = ['6.10.11', '6.11-rc2', '6.11-rc10', '6.11', '6.11.1']
    expect([...order].reverse().sort(compareVersions)).toEqual(order)
  })

  it('of the table is answered by itself, without a remark', () => {
    for (const { version, says } of releases) {
      const found = resolveRelease(version)
      expect([found.release.version, found.says]).toEqual([version, says])
    }
  })

  it.each([
    ['6.6', '6.5'],
    ['6.4.9', '6.4'],
    ['6.8', '6.7'],
    ['5.15', '5.13'],
    ['6.10', '6.9'],
    ['6.10.7', '6.10.5'],
    ['6.10.12', '6.10.11'],
    ['6.0.7', '6.0'],
    ['6.1.105', '6.1.66'],
    ['6.1.60', '6.1'],
    ['6.1.191', '6.1.170'],
    ['6.12', '6.11'],
    ['6.14.2', '6.11'],
    ['7.1', '6.15'],
    ['12.0', '7.2'],
    ['6.11-rc5', '6.11-rc2'],
    ['6.11-rc1', '6.9'],
    ['6.12-rc1', '6.11'],
  ])('%s is answered by %s, and the answer says so', (asked, version) => {
    const found = resolveRelease(asked)
    expect(found.release.version).toBe(version)
    expect(found.says?.split(';')[0]).toBe(`${asked} is answered by ${version}, the newest release of the table that it contains`)
  })

  it.each([
    ['6.1.105', '939b656bc8ab, e0391e92f9ab, 619f75dae2cf', 'direct-io A.1; ext4 1.1'],
    ['6.6.46', '939b656bc8ab, e0391e92f9ab, 91562895f803', 'direct-io A.1; ext4 1.1'],
    ['5.16.13', 'd99478874355, ca93e44bfb5f', 'direct-io C.1; fsync-log-tree 3.10'],
    ['6.11-rc6', 'e0391e92f9ab, e3e694094091', 'direct-io A.8; bcachefs-buffered-write 1'],
  ])('%s has %s beyond the one that answers for it, and the answer says so (%s)', (asked, more) => {
    expect(resolveRelease(asked).says).toMatch(new RegExp(`; it also has ${more}, which that one lacks$`))
  })

  it('that has no more than the one that answers for it is no reason for a remark', () => {
    for (const asked of ['6.6', '6.0.7', '6.9.10']) expect(resolveRelease(asked).says).not.toContain('; ')
  })

  it.each(['six', '6', '6.1.192-foo', '6.1.192-rc1', '6.1-rc', 'v6.1', '6.1.', '', '6.1.2.3'])(
    'that reads %j is refused with the form to write',
    (asked) => {
      expect(() => resolveRelease(asked)).toThrow(InputError)
      expect(() => resolveRelease(asked)).toThrow(`the kernel "${asked}" is not a release: write it as 6.1 or 6.10.5`)
    },
  )

  it('older than the table is refused', () => {
    expect(() => resolveRelease('5.10.225')).toThrow('the kernel "5.10.225" is older than')
    expect(() => resolveRelease('5.11')).toThrow(
      'the kernel "5.11" is older than the oldest mainline release modelled, 5.12: choose a newer one',
    )
  })
})

describe('switching patches', () => {
  const on = (version: string, ...ids: string[]) => choose(resolveRelease(version).release, ids, [])
  const off = (version: string, ...ids: string[]) => choose(resolveRelease(version).release, [], ids)

  it('gives the release as it is if nothing is switched', () => {
    const { kernel, says } = on('6.1')
    expect(Object.keys(kernel.patches).sort()).toEqual([...contents('6.1')].sort())
    expect([kernel.release, says]).toEqual(['6.1', null])
  })

  it('on switches what it needs, and what that needs, and says so', () => {
    const { kernel, says } = on('6.1', 'cd9253c23aed')
    expect(['939b656bc8ab', 'e0391e92f9ab', 'cd9253c23aed'].every((id) => kernel.patches[id])).toBe(true)
    expect(says).toBe('switched on too, because it is needed: 939b656bc8ab, e0391e92f9ab')
  })

  it('on the fsync fix on 5.12 brings the four commits before it', () => {
    expect(on('5.12', '885f46d87f29').says).toBe(
      'switched on too, because it is needed: 8318ba79eeeb, 64708539cd23, 8c99516a8cdd, 8d9b4a162a37',
    )
  })

  it('off what another one needs is refused, and the other one named', () => {
    expect(() => off('5.13', '8318ba79eeeb')).toThrow(
      '8318ba79eeeb cannot be switched off: 64708539cd23 ("btrfs: cleanup inode_lock/inode_unlock uses") needs it; switch that off first',
    )
  })

  it('off together with what needs it works', () => {
    const { kernel } = off('6.11', '939b656bc8ab', 'e0391e92f9ab', 'cd9253c23aed')
    expect([kernel.patches['939b656bc8ab'], kernel.patches['8184620ae212']]).toEqual([undefined, true])
  })

  it('on and off in one breath is refused', () => {
    expect(() => choose(resolveRelease('5.16').release, ['939b656bc8ab'], ['8184620ae212'])).toThrow(
      '939b656bc8ab needs 8184620ae212, which is to be switched off: leave one of the two out',
    )
  })

  it('on two that exclude each other is refused, whichever came first', () => {
    expect(() => on('6.11', 'skip-checks-on-retry')).toThrow(/exclude each other: switch one of them off/)
    expect(() => on('6.1', 'skip-checks-on-retry', '939b656bc8ab')).toThrow(/exclude each other: switch one of them off/)
    expect(on('6.1', 'skip-checks-on-retry').kernel.patches['skip-checks-on-retry']).toBe(true)
  })
})

/** The table of facts ext4 1.1: has it 91562895f803, has it 936e114a245b; `no no` is V0, `no yes` V0', `yes no` V1, `yes yes` V2. */
describe('the kernels of ext4 1.1', () => {
  it.each([
    ['6.4', 'no no'],
    ['6.5', 'no yes'],
    ['6.7', 'yes yes'],
    ['6.1.63', 'no no'],
    ['6.1.64', 'yes no'],
    ['6.1.65', 'yes no'],
    ['6.1.66', 'yes yes'],
    ['5.15.141', 'no no'],
    ['5.15.142', 'no yes'],
    ['5.15.168', 'yes yes'],
    ['5.10.226', 'no no'],
    ['5.10.227', 'yes no'],
    ['5.10.228', 'yes no'],
    ['5.10.229', 'yes yes'],
  ])('%s has %s', (version, expected) => {
    expect(`${yes(version, '91562895f803')} ${yes(version, '936e114a245b')}`).toBe(expected)
  })

  it('619f75dae2cf came with the second try of 5.10 and 5.15, and to 6.1 after 6.1.66', () => {
    expect(['5.10.227', '5.15.168', '6.1.66', '6.1.170', '6.7'].map((version) => yes(version, '619f75dae2cf'))).toEqual([
      'yes',
      'yes',
      'no',
      'yes',
      'yes',
    ])
  })
})

it('points that tell the story of two patches are shown to whoever asks about one of them, and answer everybody', () => {
  const versions = (ids: readonly string[]): string[] => releasesTelling(ids).map(({ version }) => version)
  expect(versions(['936e114a245b'])).toContain('6.1.64')
  expect(versions(['939b656bc8ab', '619f75dae2cf'])).not.toContain('6.1.64')
  expect(versions([])).toContain('6.1.192')
  expect(resolveRelease('6.1.64').release.version).toBe('6.1.64')
})
