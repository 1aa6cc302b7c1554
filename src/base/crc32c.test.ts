import { describe, expect, it } from 'vitest'
import { crc32c, printCsum, type Fill } from './crc32c.ts'

const text = (bytes: string): Fill[] => [...bytes].map((letter) => ({ byte: letter.charCodeAt(0), count: 1 }))

describe('CRC-32C', () => {
  it('of nothing is 0, of "123456789" 0xe3069283, of 32 zeros 0x8a9136aa, of 32 bytes of 0xff 0x62a8ab43 (RFC 3720 B.4)', () => {
    expect(crc32c([])).toBe(0)
    expect(crc32c(text('123456789'))).toBe(0xe3069283)
    expect(crc32c([{ byte: 0, count: 32 }])).toBe(0x8a9136aa)
    expect(crc32c([{ byte: 0xff, count: 32 }])).toBe(0x62a8ab43)
  })

  it.each([
    [0x00, 0x98f94189, '0x8941f998'],
    [0xff, 0x25c1fe13, '0x13fec125'],
    [0xab, 0x94374193, '0x93413794'],
    [0xcd, 0x25767598, '0x98757625'],
  ])('of a block of 4096 bytes of %i is %i, printed %s (direct-io B.5)', (byte, crc, printed) => {
    expect(crc32c([{ byte, count: 4096 }])).toBe(crc)
    expect(printCsum(crc)).toBe(printed)
  })

  it('does not depend on how equal bytes are cut into runs', () => {
    expect(
      crc32c([
        { byte: 0xff, count: 2048 },
        { byte: 0xff, count: 2048 },
      ]),
    ).toBe(0x25c1fe13)
  })
})
