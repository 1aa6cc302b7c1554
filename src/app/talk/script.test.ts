import { describe, expect, it } from 'vitest'
import { catalog } from '../../scenarios/catalog.ts'
import { stopsOf, withStop } from './script.ts'

const stop = (text: string) => stopsOf(text, catalog)

describe('the text of a talk', () => {
  it('has a stop for every link that stands on a line of its own, with what is written below it', () => {
    const stops = stop(
      'For me: slowly.\n\nhttps://example.org/x/append-hole/#/r1/12\nfirst\n\nsecond\n\n<#/fsync-torn/r1/3/vc>\r\nlast\r\n',
    )
    expect(stops.map(({ place, notes, line }) => [place?.scenario, place?.step, place?.view, notes, line])).toEqual([
      ['append-hole', 12, 'trace', 'first\n\nsecond', 3],
      ['fsync-torn', 3, 'compare', 'last', 8],
    ])
  })

  it('leaves a link inside a sentence to the notes', () => {
    expect(stop('append-hole/#/r1\nsee append-hole/#/r1/12 and not #1\n')).toMatchObject([{ notes: 'see append-hole/#/r1/12 and not #1' }])
  })

  it('reads a link from a disk, from a host and without either alike', () => {
    for (const link of [
      'file:///media/stick/lockstep.html#/append-hole/r1/12',
      'https://h.example/#/append-hole/r1/12',
      'append-hole/#/r1/12',
    ])
      expect(stop(link)[0]?.place).toMatchObject({ scenario: 'append-hole', step: 12 })
  })

  it('has stops at scenes of one’s own, by the name that their text gives them', () => {
    const link = 'https://h.example/#/own/w1/l_mine/on_btrfs_6.1/A_fsync/end/r1/3'
    expect(stop(link)[0]).toMatchObject({ place: null, problem: null, own: { fragment: link.slice(link.indexOf('#')), name: 'mine' } })
    const [damaged] = stop('https://h.example/#/own/w1/on_btrfs_6.1/A_fsync')
    expect(damaged?.own).toBeNull()
    expect(damaged?.problem).toContain('cut off')
  })

  it('says of a link that cannot be shown why', () => {
    expect(stop('nothing-such/#/r1/3')[0]).toMatchObject({ place: null, line: 1 })
    expect(stop('nothing-such/#/r1/3')[0]?.problem).toContain('nothing-such')
    expect(stop('append-hole/#/r1/zz')[0]?.problem).toContain('zz')
  })

  it('grows by one stop and no other', () => {
    const two = withStop(withStop('', 'append-hole/#/r1'), 'fsync-torn/#/r1/3')
    expect(two).toBe('append-hole/#/r1\n\nfsync-torn/#/r1/3\n')
    expect(stop(two).map(({ link }) => link)).toEqual(['append-hole/#/r1', 'fsync-torn/#/r1/3'])
  })
})
