import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { qrCode, remainder } from './qr.ts'

describe('a QR code', () => {
  it('corrects errors as the example in annex I of ISO/IEC 18004 does', () => {
    const data = [0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11]
    expect(remainder(data, 10)).toEqual([0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55])
  })

  it('is as large as its version, which the bytes decide; what is longer than the tenth holds has none', () => {
    // What versions 1 to 10 hold at level M, from the standard's table.
    const most = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213]
    for (const [i, bytes] of most.entries()) {
      expect(qrCode('x'.repeat(bytes))?.length).toBe(21 + 4 * i)
      expect(qrCode('x'.repeat(bytes + 1))?.length ?? null).toBe(i < 9 ? 25 + 4 * i : null)
    }
  })

  // A reader of another author (the npm package `qr`, 0.7.0) read every fourth length from 1 to 213 back; these are ten of the codes.
  it('is the one that another reader could read', () => {
    const codes = [5, 25, 41, 61, 81, 105, 121, 149, 177, 213].map((length) => {
      const rows =
        qrCode(`https://example.org/lockstep/append-hole/#/r1/sA5B2A1/${'xyz0123456789abcdefghij'.repeat(12)}`.slice(0, length)) ?? []
      return createHash('sha256')
        .update(rows.map((row) => row.map(Number).join('')).join('\n'))
        .digest('hex')
        .slice(0, 12)
    })
    expect(codes).toEqual([
      '3ed3dfe24378',
      'ec6b13a4e2ed',
      '42f21e294c51',
      '35b173d99bf6',
      'a541d31c635f',
      '48167099c459',
      '272b9ce4d636',
      'bcd882ed32f0',
      '822fc68de505',
      '5422ed0a6f90',
    ])
  })
})
