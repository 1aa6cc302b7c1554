import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAddressBar, hrefOf, shareable, type HistoryWriter, type Whereabouts } from './address.ts'

const root: Whereabouts = { folder: null, base: 'https://host/tool/', isFile: false, framed: false }
const folder: Whereabouts = { ...root, folder: 'append-hole' }
const file: Whereabouts = { folder: null, base: 'file:///stick/lockstep.html', isFile: true, framed: false }

/** A bar that writes into a list; a frame takes 16 ms. */
function bar(where: Whereabouts) {
  const written: string[] = []
  const left: string[] = []
  const history: HistoryWriter = {
    write: (fragment, how) => void written.push(`${how} ${fragment}`),
    afterFrame: (then) => void setTimeout(then, 16),
  }
  const address = createAddressBar(where, history, (href) => void left.push(href))
  return { address, written, left }
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
    const { address, written } = bar(root)
    address.push('append-hole', 'r1/1')
    address.drop()
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
