import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ExactCounts } from './exact.ts'

const SIZE = 5

it('adds up to what bigints add up to', () => {
  const additions = fc.array(fc.tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1)), { maxLength: 2000 })
  fc.assert(
    fc.property(additions, (pairs) => {
      const counts = new ExactCounts(SIZE)
      const plain = new Array<bigint>(SIZE).fill(0n)
      for (let i = 0; i < SIZE; i++) {
        counts.start(i)
        plain[i] = 1n
      }
      for (const [to, from] of pairs) {
        if (to === from) continue
        counts.add(to, from)
        plain[to] = (plain[to] as bigint) + (plain[from] as bigint)
      }
      expect(plain.map((_, i) => counts.at(i))).toEqual(plain)
    }),
  )
})

it('has the Fibonacci number 1000 with its 209 digits', () => {
  // F(1000), as tables of Fibonacci numbers print it.
  const f1000 =
    43466557686937456435688527675040625802564660517371780402481729089536555417949051890403879840079255169295922593080322634775209689623239873322471161642996440906533187938298969649928516003704476137795166849228875n
  const counts = new ExactCounts(2)
  counts.start(1)
  // (F(0), F(1)) becomes (F(2), F(1)), then (F(2), F(3)), and so on.
  for (let n = 2; n <= 1000; n++) counts.add(n % 2, (n + 1) % 2)
  expect(counts.at(0)).toBe(f1000)
})
