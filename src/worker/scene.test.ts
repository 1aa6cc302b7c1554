/** A scene is asked what every scenario is asked, by the requests that there are. */
import { expect, test } from 'vitest'
import { home, runOf } from '../store/place/place.ts'
import type { FromWorker, RunChoice, SceneCard } from './protocol.ts'
import { handle, type Request } from './serve.ts'

type Unsent<T> = T extends Request ? Omit<T, 'id'> : never

async function ask<R extends Unsent<Request>>(request: R): Promise<Extract<FromWorker, { kind: R['kind'] }>> {
  const replies: FromWorker[] = []
  await handle({ ...request, id: 1 } as Request, (reply) => replies.push(reply))
  const reply = replies.at(-1)
  if (reply?.kind !== request.kind) throw new Error(JSON.stringify(reply))
  return reply as Extract<FromWorker, { kind: R['kind'] }>
}

async function failed(request: Unsent<Request>): Promise<string> {
  const replies: FromWorker[] = []
  await handle({ ...request, id: 1 } as Request, (reply) => replies.push(reply))
  const reply = replies.at(-1)
  return reply?.kind === 'failed' ? `${reply.reader}: ${reply.message}` : JSON.stringify(reply)
}

const hole = `lockstep 1 append-hole
on btrfs 6.1
A: open -da foo
A: pwrite 0 64k -- buf absent
never hole [0,64k)
always size 64k
end
`

async function cardOf(text: string): Promise<SceneCard> {
  const { view } = await ask({ kind: 'scene', text })
  expect(view.problems).toEqual([])
  if (view.card === null) throw new Error('no card')
  return view.card
}

const runIn = (card: SceneCard): RunChoice => runOf(home({ ...card, scene: () => card.summary }))

test('what is wrong with a text is an answer, by line and with a remedy; a mail around it is read past', async () => {
  const { view } = await ask({ kind: 'scene', text: 'Hi,\n\nlockstep 1\non btrfs 6.1\nA: fallocate 0 4k\nend\n-- \nme' })
  expect(view).toEqual({
    problems: [{ line: 5, word: 'fallocate', message: 'no command `fallocate`: did you mean `falloc`?' }],
    card: null,
  })
  const quoted = hole.replace(/^/gm, '> ')
  expect((await cardOf(`On Friday somebody wrote:\n${quoted}\nWhy?`)).id).toBe((await cardOf(hole)).id)
})

test('a scene that is not modelled is refused by line before anything runs, and its name is refused in the same words', async () => {
  const text = 'lockstep 1\non btrfs 6.1\nA: pwrite 0 4k\nmay migrate\nend\n'
  const { view } = await ask({ kind: 'scene', text })
  expect(view.card).toBeNull()
  expect(view.problems.map(({ line }) => line)).toEqual([4])
  expect(await failed({ kind: 'scene', text: 'own/w1/p1zzz' })).toMatch(/^input: the scene in this link is damaged/)
  expect(
    await failed({ kind: 'trace', run: { ...runIn(await cardOf(hole)), scenario: 'own/w1/on_btrfs_6.1/A_pwrite_0_4k/m_migrate/end' } }),
  ).toMatch(/^input: This scene cannot be run: line 4: /)
})

test('its card says what the text says: kernel, patches, claims by line, and the patch that mends the opening run', async () => {
  const card = await cardOf(hole)
  expect(card).toMatchObject({ title: 'append-hole', defaultKernel: '6.1', toggles: [], fix: '939b656bc8ab' })
  expect(card.own?.claims.map(({ line, text, rule }) => [line, text, rule])).toEqual([
    [5, 'never hole [0,64k)', 'F1'],
    [6, 'always size 64k', 'F2'],
  ])
  // 6.11 has the fix: `-` takes it out, and that is what is switched against the release.
  expect(await cardOf(hole.replace('6.1', '6.11 -cd9253c23aed -e0391e92f9ab -939b656bc8ab'))).toMatchObject({
    toggles: ['939b656bc8ab', 'cd9253c23aed', 'e0391e92f9ab'],
    fix: '939b656bc8ab',
  })
  // What a release has already is not switched.
  expect(await cardOf(hole.replace('6.1', '6.11 +939b656bc8ab'))).toMatchObject({ toggles: [] })
})

// Facts direct-io A.1: the append leaves 64K of hole and 64K of data on 6.1; 939b656bc8ab keeps the lock, and the file is 64K.
test('it runs, is compared with its fix, and each claim is broken without it and holds with it', async () => {
  const card = await cardOf(hole)
  const run = runIn(card)
  const { trace } = await ask({ kind: 'trace', run })
  expect(trace).toMatchObject({ scenario: card.id, end: 'final', documented: true })
  expect(trace.happened.join(' ')).toContain('The file is 128K long: hole [0, 64K), data 0A [64K, 128K).')
  expect(trace.violations.map(({ oracle }) => oracle)).toEqual(expect.arrayContaining(['F1', 'F2']))
  expect(trace.beats.filter(({ step }) => step !== null).map(({ says }) => says)).toContain("A's write(fd, buf, 64K) returns 64K.")
  const ids = trace.frames[0]?.changed.map(({ id }) => id) ?? []
  expect(ids).toContain(card.leads[0])

  const { verdict } = await ask({ kind: 'verdict', run, maxStates: 10_000 })
  expect(verdict.facts.map(({ text, answer }) => [text, answer])).toEqual([
    ['never hole [0,64k)', 'broken'],
    ['always size 64k', 'broken'],
  ])
  const broken = verdict.facts[0]?.sample ?? ''
  const { trace: shown } = await ask({ kind: 'trace', run: { ...run, schedule: { choices: broken } } })
  expect(shown.violations.some(({ oracle }) => oracle === 'F1')).toBe(true)

  const right = { kernel: '6.1', toggles: ['939b656bc8ab'] }
  const { verdict: fixed } = await ask({ kind: 'verdict', run: { ...run, ...right }, maxStates: 10_000 })
  expect(fixed.facts.map(({ answer, sample }) => [answer, sample])).toEqual([
    ['holds', null],
    ['holds', null],
  ])
  expect(fixed).toMatchObject({ answer: 'never', complete: true })
  const { compare } = await ask({ kind: 'compare', left: run, right })
  expect(compare.diverged).not.toBeNull()
  const carried = await ask({ kind: 'carry', from: run, step: 10, to: { ...right, settings: {} }, compared: false })
  expect(carried.trace.happened.join(' ')).toContain('The file is 64K long: data 0A [0, 64K).')
})

test('it is asked why, mapped, put into words and into a page of text, and its plug is pulled', async () => {
  const card = await cardOf(`lockstep 1 two
on btrfs 6.1
setup: pwrite -S X 0 4k
setup: sync
A: pwrite 0 4k
B: fsync
may power
sometimes after power data [0,4k) X
end`)
  const run = runIn(card)
  const { why } = await ask({ kind: 'why', run, maxStates: 50_000 })
  expect(why.complete).toBe(true)
  const { map } = await ask({ kind: 'map', run, tasks: ['A', 'B'], maxStates: 50_000 })
  expect(map.complete).toBe(true)
  const { plug } = await ask({ kind: 'plug', run, step: 0 })
  expect(plug?.verdict).toBe('legal')
  const { verdict } = await ask({ kind: 'verdict', run, maxStates: 50_000 })
  expect(verdict.facts.map(({ answer }) => answer)).toEqual(['reachable'])
  const told = new Map<string, string>()
  for (const genre of ['page', 'steps', 'cpu', 'why'] as const) {
    const { text } = await ask({
      kind: 'text',
      run,
      right: null,
      wanted: { genre, width: 72, level: 'beats', from: null, to: null },
      maxStates: 50_000,
    })
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72)
    expect(text.length).toBeGreaterThan(100)
    told.set(genre, text)
  }
  expect(told.get('page')).toContain('sometimes after power data [0,4k) X')
})

test('what can be written is told with its reasons', async () => {
  const { view } = await ask({ kind: 'language' })
  const btrfs = view.fileSystems.find(({ fs }) => fs === 'btrfs')
  expect(btrfs?.releases).toContain('6.1')
  expect(btrfs?.patches.map(({ word }) => word)).toContain('939b656bc8ab')
  expect(btrfs?.patches.map(({ word }) => word)).not.toContain('91562895f803')
  expect(btrfs?.rows.find(({ word }) => word === 'migrate')?.says).toMatch(/not modelled/)
})
