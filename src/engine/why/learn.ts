/** The shortest clauses that tell the violating samples from the others. */
import { sameStep, type Clause, type Condition } from './clause.ts'
import type { Affinity } from './feet.ts'
import type { Sample, Samples, Seen } from './samples.ts'

/** More conditions, or more alternatives, are no answer for a reader. */
export const CONDITIONS = 3
export const ALTERNATIVES = 3

/** Effort: so many sets of conditions are looked at for a clause, so many samples are begun with, so many equal conditions compared. */
const LOOKS = 4_000
const SEEDS = 4
const PEERS = 8

/** What holds of the same samples. */
interface Kind {
  /** The best first. */
  readonly peers: readonly Known[]
  /** Bits: violating samples of which it is so, others of which it is not. */
  readonly keeps: Uint32Array
  readonly drops: Uint32Array
}

interface Known {
  readonly condition: Condition
  readonly worth: number
}

/** More orders, and what may come between their steps, are not looked at one by one. */
const ORDERS = 100_000

const isFew = ({ steps }: Samples): boolean => steps.length ** 3 <= ORDERS

/** Clauses of which one is so of each violating sample and none of any other, as far as there are such; else what comes nearest, if anything does. `clear`: also of orders of steps that have no step of a third task between them. */
export function learn(samples: Samples, affinity: Affinity, clear = false): Clause[] {
  const all: Uint32Array = full(samples.bad.length)
  const kinds = kindsOf(samples, affinity, clear && isFew(samples))
  const whole = ruleOf(samples, kinds, 0, all, true)
  if (whole) return [whole.clause]
  const clauses: Clause[] = []
  let left: Uint32Array = all
  while (clauses.length < ALTERNATIVES && ones(left) > 0) {
    let best: Rule | null = null
    for (const seed of spread(left)) {
      const rule = ruleOf(samples, kinds, seed, left, false)
      if (rule && (!best || better(rule.rank, best.rank))) best = rule
    }
    if (!best) break
    clauses.push(best.clause)
    left = minus(left, best.keeps)
  }
  if (clauses.length > 0) return clauses
  const near = nearly(samples, kinds)
  return near.length > 0 ? [near] : []
}

interface Rule {
  readonly clause: Clause
  readonly keeps: Uint32Array
  readonly rank: readonly number[]
}

/** The best clause that is so of one sample and of none that does not violate; `every`: of all violating ones. */
function ruleOf(samples: Samples, all: readonly Kind[], seed: number, left: Uint32Array, every: boolean): Rule | null {
  const goal = onesOfBoth(left, left)
  const kinds = all.filter(({ keeps }) => (every ? onesOfBoth(left, keeps) === goal : has(keeps, seed)))
  const found: { readonly chosen: readonly Kind[]; readonly keeps: Uint32Array; readonly rank: readonly number[] }[] = []
  // Each of the others has to be dropped by one of these: one begins with those that few drop.
  const droppers = samples.good.map((_, i) => ({ i, kinds: kinds.filter(({ drops }) => has(drops, i)) }))
  droppers.sort((a, b) => a.kinds.length - b.kinds.length)
  const empty = (): Uint32Array => new Uint32Array((samples.good.length + 31) >> 5)
  const levels = Array.from({ length: CONDITIONS + 1 }, () => ({ keeps: full(samples.bad.length), dropped: empty() }))
  let looks = 0
  let most = 0
  const go = (chosen: readonly Kind[], limit: number): void => {
    const { keeps, dropped } = levels[chosen.length] as (typeof levels)[number]
    const hardest = droppers.find(({ i }) => !has(dropped, i))
    if (!hardest) {
      const kept = onesOfBoth(keeps, left)
      most = Math.max(most, kept)
      const worth = chosen.reduce((sum, kind) => sum + (kind.peers[0]?.worth ?? 0), 0)
      found.push({ chosen, keeps: keeps.slice(), rank: [-kept, chosen.length, -worth] })
      return
    }
    const next = levels[chosen.length + 1]
    if (chosen.length === limit || !next) return
    for (const kind of hardest.kinds) {
      if (looks++ > LOOKS) return
      for (let i = 0; i < keeps.length; i++) next.keeps[i] = (keeps[i] as number) & (kind.keeps[i] as number)
      const kept = onesOfBoth(next.keeps, left)
      if (kept === 0 || kept < most) continue
      for (let i = 0; i < dropped.length; i++) next.dropped[i] = (dropped[i] as number) | (kind.drops[i] as number)
      go([...chosen, kind], limit)
    }
  }
  for (let limit = 1; limit <= CONDITIONS && (found.length === 0 || !every); limit++) {
    looks = 0
    go([], limit)
  }
  found.sort((a, b) => (better(a.rank, b.rank) ? -1 : 1))
  let best: Rule | null = null
  for (const { chosen, keeps, rank } of found.slice(0, 300)) {
    const { clause, worth } = together(chosen)
    const whole = [rank[0] as number, rank[1] as number, -worth]
    if (!best || better(whole, best.rank)) best = { clause, keeps, rank: whole }
  }
  return best
}

/** One condition of each kind: those that are about the same step read as one window. */
function together(kinds: readonly Kind[]): { readonly clause: Clause; readonly worth: number } {
  let best: { readonly clause: Clause; readonly worth: number } | null = null
  const go = (i: number, clause: Clause, worth: number): void => {
    const kind = kinds[i]
    if (!kind) {
      const whole = worth + shared(clause)
      if (!best || whole > best.worth) best = { clause, worth: whole }
      return
    }
    for (const { condition, worth: more } of kind.peers) go(i + 1, [...clause, condition], worth + more)
  }
  go(0, [], 0)
  return best ?? { clause: [], worth: 0 }
}

/** A step between two others counts as much as an order that matters; one that comes before or after both is less. */
function shared(clause: Clause): number {
  let sum = 0
  clause.forEach((a, i) => {
    for (const b of clause.slice(i + 1)) {
      if (!a.second || !b.second) continue
      if (sameStep(a.second, b.first) || sameStep(a.first, b.second)) sum += 10
      else if (sameStep(a.first, b.first) || sameStep(a.second, b.second)) sum += 5
    }
  })
  return sum
}

/** Where no clause is without fault: the conditions that together tell the most. */
function nearly(samples: Samples, kinds: readonly Kind[]): Clause {
  let chosen: Kind[] = []
  const [bad, good] = [samples.bad.length, samples.good.length]
  let [keeps, drops]: [Uint32Array, Uint32Array] = [full(bad), new Uint32Array((good + 31) >> 5)]
  const score = (kind: Kind): number => {
    const kept = onesOfBoth(keeps, kind.keeps)
    const dropped = ones(drops) + ones(kind.drops) - onesOfBoth(drops, kind.drops)
    return (2 * kept) / (bad + kept + good - dropped)
  }
  for (let now = 0; chosen.length < CONDITIONS;) {
    let best: Kind | null = null
    for (const kind of kinds) {
      const to = score(kind)
      if (to > now + 0.001) {
        now = to
        best = kind
      }
    }
    if (!best) break
    chosen = [...chosen, best]
    keeps = and(keeps, best.keeps)
    drops = or(drops, best.drops)
  }
  return together(chosen).clause
}

/** All that is so of some violating sample and not of some other one; what is so of the same samples is of one kind. */
function kindsOf(samples: Samples, affinity: Affinity, clear: boolean): Kind[] {
  const { steps, bad, good } = samples
  const kinds = new Map<number, { peers: Known[]; keeps: Uint32Array; drops: Uint32Array }[]>()
  const [keeps, drops] = [new Uint32Array((bad.length + 31) >> 5), new Uint32Array((good.length + 31) >> 5)]
  // By step and sample: when it is taken, and whether that tells anything.
  const badAt = steps.map((_, x) => Int16Array.from(bad, ({ at }) => at[x] ?? 0))
  const goodAt = steps.map((_, x) => Int16Array.from(good, ({ at }) => at[x] ?? 0))
  const tells = steps.map((_, x) => Uint8Array.from(bad, (one) => (one.tells[x] ? 1 : 0)))
  // Where both are always taken there is one order, and not two.
  const sometimes = steps.map(
    (_, y) => (badAt[y] as Int16Array).some((at, i) => at === 0 || tells[y]?.[i] === 0) || (goodAt[y] as Int16Array).includes(0),
  )
  const none = [new Int16Array(bad.length), new Int16Array(good.length)] as const
  // By label: its steps.
  const taken = new Map<number, number[]>()
  if (clear) steps.forEach(({ label }, z) => taken.set(label, [...(taken.get(label) ?? []), z]))
  const add = (kind: Condition['kind'], x: number, y: number, absent?: number): void => {
    const between = absent === undefined ? [] : (taken.get(absent) ?? [])
    const isClear = (at: readonly Int16Array[], i: number): boolean =>
      between.every((z) => {
        const place = at[z]?.[i] as number
        return place < (at[x]?.[i] as number) || place > (at[y]?.[i] as number)
      })
    keeps.fill(0)
    drops.fill(0)
    const [bx, by, tx, ty] = [badAt[x] as Int16Array, badAt[y] ?? none[0], tells[x] as Uint8Array, tells[y]]
    const ahead = kind === 'never' ? samples.reach.ahead((steps[x] as Seen).label) : null
    let [kept, dropped, first] = [0, 0, -1]
    for (let i = 0; i < bad.length; i++) {
      if (!is(kind, bx[i] as number, by[i] as number) || !isClear(badAt, i)) continue
      // What is decided only after all is lost is no cause.
      if (kind === 'never' ? ahead?.[(bad[i] as Sample).from] !== 0 : tx[i] === 0 || (ofBoth(kind) && ty?.[i] === 0)) continue
      kept |= keeps[i >> 5]! |= 1 << (i & 31)
      if (first < 0) first = i
    }
    if (kept === 0) return
    const [gx, gy] = [goodAt[x] as Int16Array, goodAt[y] ?? none[1]]
    for (let i = 0; i < good.length; i++)
      if (!is(kind, gx[i] as number, gy[i] as number) || !isClear(goodAt, i)) dropped |= drops[i >> 5]! |= 1 << (i & 31)
    if (dropped === 0) return
    let hash = 0
    for (const word of keeps) hash = (Math.imul(hash, 31) + word) | 0
    for (const word of drops) hash = (Math.imul(hash, 31) + word) | 0
    const alike = kinds.get(hash) ?? []
    if (alike.length === 0) kinds.set(hash, alike)
    let found = alike.find((one) => equal(one.keeps, keeps) && equal(one.drops, drops))
    if (!found) alike.push((found = { peers: [], keeps: keeps.slice(), drops: drops.slice() }))
    const near = y < 0 ? 0 : 1 / Math.abs((bx[first] as number) - (by[first] as number) || 1)
    const [one, other] = [steps[x] as Seen, y < 0 ? null : (steps[y] as Seen)]
    const worth = bonus[kind] + near + mattering(samples, affinity, x, y)
    const condition: Condition = { kind, first: step(one), second: other && step(other) }
    found.peers.push({ condition: absent === undefined ? condition : { ...condition, none: absent }, worth })
  }
  steps.forEach((first, x) => {
    if (sometimes[x]) add('never', x, -1)
    if (!tells[x]?.includes(1)) return
    if (sometimes[x]) add('taken', x, -1)
    steps.forEach((second, y) => {
      if (second.task === first.task) return
      add('before', x, y)
      for (const [absent, [z]] of taken)
        if (![first.task, second.task].includes((steps[z as number] as Seen).task)) add('clear', x, y, absent)
      if (sometimes[y]) add('ahead', x, y)
    })
  })
  return [...kinds.values()].flat().map((kind) => ({ ...kind, peers: kind.peers.sort((a, b) => b.worth - a.worth).slice(0, PEERS) }))
}

/** Orders count for what they decide: a step that loses, and one that it goes together with. */
function mattering(samples: Samples, affinity: Affinity, x: number, y: number): number {
  const [one, other] = [samples.loses[x] ?? 0, (y >= 0 && samples.loses[y]) || 0]
  const loses = (4 * Math.max(one, other)) / samples.bad.length
  if (y < 0) return loses
  const [first, second] = [samples.steps[x] as Seen, samples.steps[y] as Seen]
  return loses + 4 * (one >= other ? affinity(first, second) : affinity(second, first))
}

/** Orders that a reader can see before those of which a half is absent. */
const bonus: Readonly<Record<Condition['kind'], number>> = { before: 2, clear: 1.5, ahead: 1, taken: 0, never: -2 }

/** Are both steps taken where it is so? */
const ofBoth = (kind: Condition['kind']): boolean => kind === 'before' || kind === 'clear'

const step = ({ label, nth }: Seen): Condition['first'] => ({ label, nth })

function is(kind: Condition['kind'], x: number, y: number): boolean {
  switch (kind) {
    case 'taken':
      return x > 0
    case 'never':
      return x === 0
    case 'before':
    case 'clear':
      return x > 0 && y > x
    case 'ahead':
      return x > 0 && (y === 0 || y > x)
  }
}

/** Some samples, from one end of the list to the other. */
function spread(of: Uint32Array): number[] {
  const list: number[] = []
  for (let i = 0; i < of.length * 32; i++) if (has(of, i)) list.push(i)
  return Array.from(
    { length: Math.min(SEEDS, list.length) },
    (_, i) => list[Math.floor((i * list.length) / Math.min(SEEDS, list.length))] as number,
  )
}

const has = (bits: Uint32Array, i: number): boolean => (((bits[i >> 5] as number) >>> (i & 31)) & 1) === 1
const full = (n: number): Uint32Array =>
  Uint32Array.from({ length: (n + 31) >> 5 }, (_, i) => (n - 32 * i >= 32 ? -1 : (1 << (n - 32 * i)) - 1))
const both = (a: Uint32Array, b: Uint32Array, of: (x: number, y: number) => number): Uint32Array =>
  Uint32Array.from(a, (word, i) => of(word, b[i] as number))
const and = (a: Uint32Array, b: Uint32Array): Uint32Array => both(a, b, (x, y) => x & y)
const or = (a: Uint32Array, b: Uint32Array): Uint32Array => both(a, b, (x, y) => x | y)
const minus = (a: Uint32Array, b: Uint32Array): Uint32Array => both(a, b, (x, y) => x & ~y)

function equal(a: Uint32Array, b: Uint32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function ones(bits: Uint32Array): number {
  let n = 0
  for (const word of bits) for (let rest = word; rest !== 0; rest &= rest - 1) n++
  return n
}

function onesOfBoth(a: Uint32Array, b: Uint32Array): number {
  let n = 0
  for (let i = 0; i < a.length; i++) for (let rest = (a[i] as number) & (b[i] as number); rest !== 0; rest &= rest - 1) n++
  return n
}

function better(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] as number) < (b[i] as number)
  return false
}
