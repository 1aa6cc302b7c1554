import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAddressBar, hrefOf, shareable, type HistoryWriter, type Whereabouts } from './address.ts'

const root: Whereabouts = { folder: null, base: 'https://host/tool/', isFile: false, framed: false }
const folder: Whereabouts = { ...root, folder: 'append-hole' }
const file: Whereabouts = { folder: null, base: 'file:///stick/lockstep.html', isFile: true, framed: false }

/** A bar that writes into a list, over a history as browsers keep it; a frame takes 16 ms. */
function bar(where: Whereabouts) {
  const written: string[] = []
  const left: string[] = []
  let entries = ['#/before', '#/r1']
  let at = 1
  const history: HistoryWriter = {
    write: (address, how) => {
      written.push(`${how} ${address}`)
      if (how === 'push') entries = [...entries.slice(0, ++at), address]
      else entries[at] = address
    },
    afterFrame: (then) => void setTimeout(then, 16),
    here: () => entries[at] ?? '',
    index: () => at,
  }
  const address = createAddressBar(where, history, (href) => void left.push(href))
  /** What the reader does with the browser; what the page shows then. */
  const back = (): string => {
    at--
    address.moved()
    return history.here()
  }
  const goTo = (fragment: string): string => {
    entries = [...entries.slice(0, ++at), fragment]
    address.moved()
    return history.here()
  }
  return { address, written, left, back, goTo, before: () => entries.slice(0, at) }
}

describe('an anchor', () => {
  it('stays in this document where it can, and leads to the other folder where it cannot', () => {
    expect(hrefOf(root, 'append-hole', 'r1/12')).toBe('#/append-hole/r1/12')
    expect(hrefOf(folder, 'append-hole', 'r1/12')).toBe('#/r1/12')
    expect(hrefOf(folder, 'dio-csum')).toBe('https://host/tool/dio-csum/#/')
    expect(hrefOf(folder, null)).toBe('https://host/tool/')
    expect(hrefOf(root, null)).toBe('#/')
  })
})

describe('the link for others', () => {
  it('is the folder of the scenario, and the file itself from a file', () => {
    expect(shareable(root, 'append-hole', 'r1/12')).toBe('https://host/tool/append-hole/#/r1/12')
    expect(shareable(file, 'append-hole', 'r1/12')).toBe('file:///stick/lockstep.html#/append-hole/r1/12')
  })
})

describe('the address bar', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is written once the frame is on the screen, then at most four times a second, and the last one counts', () => {
    const { address, written } = bar(root)
    address.replace('append-hole', 'r1/1')
    expect(written).toEqual([])
    vi.advanceTimersByTime(16)
    expect(written).toEqual(['replace #/append-hole/r1/1'])
    for (let n = 2; n <= 9; n++) address.replace('append-hole', `r1/${n}`)
    vi.advanceTimersByTime(100)
    expect(written).toEqual(['replace #/append-hole/r1/1'])
    vi.advanceTimersByTime(200)
    expect(written).toEqual(['replace #/append-hole/r1/1', 'replace #/append-hole/r1/9'])
  })

  it('makes every entry that was asked for, however fast, each with where it led in the end', () => {
    const { address, written } = bar(folder)
    address.replace('append-hole', 'r1/1')
    address.replace('append-hole', 'r1/2')
    address.push('append-hole', 'r1/9')
    address.push('append-hole', 'r1/10')
    address.replace('append-hole', 'r1/11')
    vi.advanceTimersByTime(16)
    expect(written).toEqual(['replace #/r1/2', 'push #/r1/9', 'push #/r1/11'])
  })

  it('writes at once what is pending when the page goes away', () => {
    const { address, written } = bar(folder)
    address.push('append-hole', 'r1/9')
    address.flush()
    vi.advanceTimersByTime(300)
    expect(written).toEqual(['push #/r1/9'])
  })

  it('forgets what is pending when the reader goes elsewhere', () => {
    const { address, written, goTo } = bar(folder)
    address.push('append-hole', 'r1/1')
    expect(goTo('#/r1/30')).toBe('#/r1/30')
    vi.advanceTimersByTime(300)
    expect(written).toEqual([])
  })

  it('leads back from an entry that is not written yet to the one before it, and not to the one before that', () => {
    const { address, back, before } = bar(folder)
    address.push('append-hole', 'r1/1')
    vi.advanceTimersByTime(16)
    address.push('append-hole', 'r1/2')
    expect(back()).toBe('#/r1/1')
    vi.advanceTimersByTime(300)
    expect(before()).toEqual(['#/before', '#/r1'])
  })

  it('leads back from the last of several, and from where a replacement had led', () => {
    const several = bar(folder)
    for (const n of [1, 2, 3]) several.address.push('append-hole', `r1/${n}`)
    expect(several.back()).toBe('#/r1/2')
    expect(several.before()).toEqual(['#/before', '#/r1', '#/r1/1'])
    const replaced = bar(folder)
    replaced.address.replace('append-hole', 'r1/4')
    replaced.address.push('append-hole', 'r1/5')
    expect(replaced.back()).toBe('#/r1/4')
    expect(replaced.before()).toEqual(['#/before'])
  })

  it('lets the browser go back where nothing but a replacement is pending', () => {
    const { address, written, back } = bar(folder)
    address.replace('append-hole', 'r1/4')
    expect(back()).toBe('#/before')
    vi.advanceTimersByTime(300)
    expect(written).toEqual([])
  })

  it('leaves for another scenario’s folder by loading it', () => {
    const { address, written, left } = bar(folder)
    address.push('dio-csum', 'r1/3')
    vi.advanceTimersByTime(300)
    expect(written).toEqual([])
    expect(left).toEqual(['https://host/tool/dio-csum/#/r1/3'])
  })
})
