import { describe, expect, it, vi } from 'vitest'
import { createAddressBar, hrefOf, shareable, type Whereabouts } from './address.ts'

const root: Whereabouts = { folder: null, base: 'https://host/tool/', isFile: false }
const folder: Whereabouts = { ...root, folder: 'append-hole' }
const file: Whereabouts = { folder: null, base: 'file:///stick/lockstep.html', isFile: true }

/** A bar that writes into a list. */
function bar(where: Whereabouts) {
  const written: string[] = []
  const left: string[] = []
  const address = createAddressBar(where, (href) => void left.push(href))
  address.connect((to, { replace }) => void written.push(`${replace ? 'replace' : 'push'} ${to}`))
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
  it('is written at once, then at most four times a second, and the last one counts', () => {
    vi.useFakeTimers()
    const { address, written } = bar(root)
    for (let n = 1; n <= 9; n++) address.replace('append-hole', `r1/${n}`)
    expect(written).toEqual(['replace /append-hole/r1/1'])
    vi.advanceTimersByTime(300)
    expect(written).toEqual(['replace /append-hole/r1/1', 'replace /append-hole/r1/9'])
    vi.useRealTimers()
  })

  it('finishes the entry it is on before it makes another', () => {
    const { address, written } = bar(folder)
    address.replace('append-hole', 'r1/1')
    address.replace('append-hole', 'r1/2')
    address.push('append-hole', 'r1/9')
    expect(written).toEqual(['replace /r1/1', 'replace /r1/2', 'push /r1/9'])
  })

  it('forgets what is pending when the reader goes elsewhere', () => {
    const { address, written } = bar(root)
    address.replace('append-hole', 'r1/1')
    address.replace('append-hole', 'r1/2')
    address.drop()
    address.flush()
    expect(written).toEqual(['replace /append-hole/r1/1'])
  })

  it('leaves for another scenario’s folder by loading it', () => {
    const { address, written, left } = bar(folder)
    address.push('dio-csum', 'r1/3')
    expect(written).toEqual([])
    expect(left).toEqual(['https://host/tool/dio-csum/#/r1/3'])
  })
})
