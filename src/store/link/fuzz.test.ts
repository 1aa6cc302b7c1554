/**
 * Links as nobody meant them: cut, doubled, mixed with each other, and noise. Whatever comes is answered, at once and in words, and what is
 * offered is a place of its own link.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { catalog } from '../../scenarios/catalog.ts'
import { encode } from './encode.ts'
import { parse } from './link.ts'
import corpus from './corpus.json' with { type: 'json' }

const long = process.env['LONG'] === '1'
const PATIENCE_MS = 50

const links = corpus.map(({ link }) => link)
const scraps = [
  '/',
  '~',
  '-',
  '%',
  '%2',
  '%00',
  '=',
  '=3D',
  '=\n',
  '\r\n> > ',
  '.',
  '>',
  '#',
  '\0',
  '\u20ac',
  '\ud800',
  '__proto__',
  'constructor',
  '0',
  '99999',
  'k',
  'o',
  'n',
  's',
  'v',
  'r1',
  'r2',
  'p',
  'A1',
  'a'.repeat(700),
]

/** One change to a text, at two places in it. */
const mutations: readonly ((text: string, from: number, to: number, scrap: string, other: string) => string)[] = [
  (text, from, to) => text.slice(0, from) + text.slice(to),
  (text, from, _to, scrap) => text.slice(0, from) + scrap + text.slice(from),
  (text, from, to, scrap) => text.slice(0, from) + scrap + text.slice(to),
  (text, from, to) => text.slice(0, to) + text.slice(from),
  (text, from, _to, _scrap, other) => text.slice(0, from) + other,
  (text, _from, _to, _scrap, other) => `${text}/${other}`,
  (text) => text.split('/').reverse().join('/'),
  (text, from) =>
    text.slice(0, from) + text.slice(from).replace(/[^A-Za-z0-9]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`),
  (text, _from, _to, scrap) => scrap.repeat(20) + text,
]

const change = fc.tuple(
  fc.nat(mutations.length - 1),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(...scraps),
  fc.constantFrom(...links),
)

const mutated = fc.tuple(fc.constantFrom(...links), fc.array(change, { minLength: 1, maxLength: 4 })).map(([link, changes]) =>
  changes.reduce((text, [which, a, b, scrap, other]) => {
    const [from = 0, to = 0] = [a, b].map((at) => Math.floor(at * text.length)).sort((x, y) => x - y)
    return mutations[which]?.(text, from, to, scrap, other) ?? text
  }, link),
)

const noise = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...scraps), { maxLength: 12 }).map((all) => all.join('')),
)

it(
  'whatever a link became, it is answered at once, and what it leads to or what is offered has a link that leads there',
  { timeout: 600_000 },
  () => {
    const ids = [null, 'append-hole', 'nothing']
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: mutated }, { weight: 1, arbitrary: noise }), fc.constantFrom(...ids), (text, folder) => {
        const [scenario = '', fragment = ''] = text.split('/#/')
        const began = process.cpuUsage()
        const answer = text.includes('/#/') && folder !== null ? parse(fragment, scenario, catalog) : parse(text, folder, catalog)
        const { user } = process.cpuUsage(began)
        // Of the processor, not of the clock: the machine may have other things to do.
        expect(long ? user / 1000 : 0).toBeLessThan(PATIENCE_MS)
        const place = 'place' in answer ? answer.place : answer.problem.nearest
        expect('problem' in answer ? answer.problem.says.length : 10).toBeGreaterThan(9)
        expect('problem' in answer ? answer.problem.says.length : 10).toBeLessThan(600)
        expect(place && parse(encode(place, catalog), place.scenario, catalog)).toEqual(place && { place })
      }),
      { numRuns: long ? 100_000 : 2_000, seed: 5 },
    )
  },
)
