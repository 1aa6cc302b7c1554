// The texts are what verifiers made by Spin 6.5.2 printed, shortened.
import { expect, it } from 'vitest'
import { parsePan } from './pan.ts'

const counts = (states: number, matched: number, megabytes: string): string => `
State-vector 28 byte, depth reached 37, errors: 1
 ${String(states).padStart(8)} states, stored
 ${String(matched).padStart(8)} states, matched
 ${String(states + matched).padStart(8)} transitions (= stored+matched)
        0 atomic steps

Stats on memory usage (in Megabytes):
    0.002	equivalent memory usage for states (stored*(State-vector + overhead))
    ${megabytes}	actual memory usage for states (compression: 63.97%)
  128.000	memory used for hash table (-w24)
`

it('reads a search that went past all violations', () => {
  const text = `pan:1: assertion violated ((finished<4)||(i_size==(4*1))) (at depth 79)

(Spin Version 6.5.2 -- 6 December 2019)

Full statespace search for:
	invalid end states	+
${counts(347553, 602844, '13.500')}`
  expect(parsePan(text)).toEqual({
    complete: true,
    violated: true,
    stuck: false,
    states: 347553,
    transitions: 950397,
    bytes: 13.5 * 2 ** 20,
  })
})

it('knows a search that stopped at the first violation', () => {
  const text = `pan:1: assertion violated ((finished<2)||(i_size==(2*1))) (at depth 37)
pan: wrote append.pml.trail

(Spin Version 6.5.2 -- 6 December 2019)
Warning: Search not completed
	+ Partial Order Reduction
${counts(38, 0, '0.290')}`
  expect(parsePan(text)).toMatchObject({ complete: false, violated: true, states: 38 })
})

it('knows a search that was not deep enough', () => {
  expect(parsePan(`error: max search depth too small\n${counts(38, 0, '0.290')}`)).toMatchObject({ complete: false, violated: false })
})

it('tells a process that is stuck from a violation', () => {
  expect(parsePan(`pan:1: invalid end state (at depth 0)\n${counts(2, 0, '0.292')}`)).toMatchObject({ stuck: true, violated: false })
})

it('does not take silence for an answer', () => {
  expect(() => parsePan('sh: 1: ./pan: not found')).toThrow('not found')
})
