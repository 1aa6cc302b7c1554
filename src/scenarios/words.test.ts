/**
 * What a reader meets without being told: scenes, names of rules and settings, sizes, labels. The words are held to what is
 * staged, under every setting and in every documented run.
 */
import { describe, expect, it } from 'vitest'
import { size } from '../base/range.ts'
import { Machine } from '../engine/machine.ts'
import type { System } from '../engine/system.ts'
import { fillShort, fillWords, spanInWords } from '../lenses/words.ts'
import type { Picture } from '../picture/picture.ts'
import { allPictures } from '../store/run/frames.ts'
import { noScriptText } from '../worker/text-view.ts'
import { traceView } from '../worker/trace-view.ts'
import type { TraceView } from '../worker/protocol.ts'
import { loadScenario, scenarioIds } from './registry.ts'
import { fullSettings, run, stage } from './run.ts'
import type { Scenario } from './scenario.ts'

/** What of every staged world a scene can speak of. */
interface Staged {
  readonly inode: { readonly i_size: number }
  readonly buffers: Readonly<Record<string, { readonly length: number; readonly present: readonly { readonly to: number }[] }>>
}

const wordsIn = (text: string): number => text.split(/\s+/).length

/** The defaults, and every setting at every value beside them. */
const choicesOf = ({ card }: Scenario): readonly Readonly<Record<string, string>>[] => [
  {},
  ...card.settings.flatMap(({ name, values, default: usual }) => values.filter((one) => one !== usual).map((value) => ({ [name]: value }))),
]

/** The documented schedules as the page gets them. */
function documented(scenario: Scenario): readonly TraceView[] {
  const { card } = scenario
  const staged = stage(scenario)
  return card.schedules.map(({ name }) => {
    const { trace, diverged } = run(staged, { named: name })
    const choice = { scenario: card.id, kernel: card.defaultKernel, toggles: [], settings: {}, schedule: { named: name } }
    return traceView(staged, choice, trace, diverged)
  })
}

/** Texts of a picture that are ours: what a console prints and the keys of a tree are in a format of their own. */
function textsOf(picture: Picture): string[] {
  switch (picture.kind) {
    case 'extent-strip':
      return [
        picture.title,
        ...picture.lanes.flatMap((lane) => [lane.title, ...lane.spans.flatMap((span) => [spanInWords(span), span.note ?? ''])]),
        ...picture.markers.map(({ name }) => name),
      ]
    case 'tree-leaf':
      return [
        picture.title,
        ...picture.leaves.flatMap((leaf) => [leaf.title, ...leaf.items.map(({ payload, covers }) => `${payload} ${covers ?? ''}`)]),
      ]
    case 'record':
      return [picture.title, ...picture.fields.map(({ name, value }) => `${name} ${value}`), picture.gone ?? '']
    case 'gauge':
      return [picture.title, ...[...picture.holders, ...(picture.dropped ?? [])].map(({ who, what }) => `${who} ${what}`)]
    case 'user-buffer':
      return [picture.title, ...picture.runs.map(({ content }) => content ?? '')]
    case 'locks':
      return [picture.title, ...picture.rows.map(({ name, mode, holders, range }) => `${name} ${mode} ${holders.join(' ')} ${range ?? ''}`)]
    case 'console':
      return [picture.title]
    case 'note':
      return [picture.title, picture.text]
  }
}

const everyText = (view: TraceView): string[] => [
  ...view.steps.map(({ says }) => says),
  ...view.beats.map(({ says }) => says),
  ...view.windows.map(({ says }) => says),
  ...view.violations.map(({ says }) => says),
  ...view.happened,
  ...view.tasks.map(({ name }) => name),
  ...allPictures(view).flat().flatMap(textsOf),
]

/** What the kernel, btrfs-progs or the program prints, or a place on the disk: these are bytes there too. */
const dumps = [/\(\d+ [A-Z_]+ \d+\)/g, /disk(?: address)? \d+/g, /(?:prints|printed|dmesg):.*/g]

/** Whole multiples of 1024 from 4096 on that stand in a text as bytes. */
const rawSizes = (text: string): string[] =>
  (dumps.reduce((rest, dump) => rest.replace(dump, ''), text).match(/(?<![\w.])\d{4,}(?![\w.])/g) ?? []).filter(
    (digits) => Number(digits) >= 4096 && Number(digits) % 1024 === 0,
  )

/** What of a scene is not so in what is staged. */
function wrongInScene(scene: string, id: string, { tasks, world }: System): string[] {
  const names = tasks.map(({ name }) => name).join('; ')
  const { inode, buffers } = world as unknown as Staged
  const lengths = Object.values(buffers).flatMap(({ length, present }) => [length, ...present.map(({ to }) => to)])
  const known = new Set([inode.i_size, ...lengths].map(size))
  const unknown = (scene.match(/\b\d[\d.]*[KM]\b/g) ?? []).filter(
    (length) => !known.has(length.replace('1.25M', '1280K')) && !names.includes(length),
  )
  const mayFail = tasks.some(({ procedure }) => procedure === 'power_failure')
  const checks: readonly (readonly [boolean, string])[] = [
    [/^[A-Z](?:[^.]|\.(?=\d)){30,230}\.$/.test(scene), 'is not one sentence'],
    [!/undefined|NaN|\[object/.test(scene), 'has a value missing'],
    [scene.includes(/^(?:ext4|bcachefs)/.exec(id)?.[0] ?? 'btrfs'), 'does not name the file system'],
    [scene.includes('power may fail') === mayFail, 'is wrong about the power'],
    [!scene.includes('page cache') || !/^\w+\([^;]*O_DIRECT/.test(names), 'says page cache of a direct call'],
    ...['O_DIRECT', 'O_DSYNC', 'O_SYNC'].map((flag) => [!scene.includes(flag) || names.includes(flag), `names ${flag}`] as const),
    // A length that is named is that of a call, a file or a buffer.
    [unknown.length === 0, `names ${unknown.join(', ')}`],
  ]
  return checks.flatMap(([holds, what]) => (holds ? [] : [what]))
}

it('every state has a word of its own, and a short form that is no letter of a task', () => {
  expect(new Set(Object.values(fillWords)).size).toBe(Object.keys(fillWords).length)
  const short = Object.values(fillShort).filter((form) => form !== null)
  expect(new Set(short).size).toBe(short.length)
  // Tasks have a capital or a word of lower-case letters.
  expect(short.filter((form) => /^(?:[A-Z]|[a-z]+)$/.test(form))).toEqual([])
})

describe.each(scenarioIds)('%s', async (id) => {
  const scenario = await loadScenario(id)
  const { card } = scenario
  const views = documented(scenario)

  it('opens with one sentence about who does what, true of what is staged with any setting', () => {
    const wrong = choicesOf(scenario).flatMap((settings) => {
      const { system } = stage(scenario, { settings })
      const scene = card.scene(fullSettings(scenario, settings))
      return wrongInScene(scene, id, system).map((what) => `${JSON.stringify(settings)}: ${scene}: ${what}`)
    })
    expect(wrong).toEqual([])
  })

  it('says of every setting in at most five words what is chosen', () => {
    const labels = card.settings.map(({ label }) => label)
    expect(labels.filter((label) => label === '' || wordsIn(label) > 5)).toEqual([])
    expect(new Set(labels).size).toBe(labels.length)
    expect(card.settings.filter(({ says }) => says.length < 12)).toEqual([])
  })

  it('has a name of at most five words for every rule', () => {
    const { oracles } = new Machine(stage(scenario).system)
    expect(oracles.filter(({ name, says }) => name !== says && wordsIn(name) > 5).map(({ id: rule }) => rule)).toEqual([])
    expect(oracles.filter(({ name, says }) => name === says && wordsIn(says) > 5).map(({ id: rule }) => rule)).toEqual([])
    expect(new Set(oracles.map(({ name }) => name)).size).toBe(oracles.length)
  })

  it('writes sizes in K and M, but where something else prints them', () => {
    const texts = new Set([...views.flatMap(everyText), card.should, card.story, card.seen, ...card.settings.map(({ says }) => says)])
    expect([...texts].filter((text) => rawSizes(text).length > 0)).toEqual([])
  })

  it('says a thing once: no word twice in a row, and no lane’s title again in its spans', () => {
    const twice = new Set(views.flatMap(everyText).filter((text) => /(?<![\w,.[)-])([a-z]{2,}) \1(?![\w(=])/i.test(text)))
    const again = new Set<string>()
    for (const picture of views.flatMap((view) => allPictures(view)).flat())
      if (picture.kind === 'extent-strip')
        for (const lane of picture.lanes)
          for (const span of lane.spans) if (spanInWords(span).includes(lane.title)) again.add(`${lane.title}: ${spanInWords(span)}`)
    expect([...twice, ...again]).toEqual([])
  })

  it('names the state of bytes by one word each, which the fill is: a label is a stamp', () => {
    const labels = new Set<string>()
    for (const picture of views.flatMap((view) => allPictures(view)).flat())
      if (picture.kind === 'extent-strip')
        for (const { spans } of picture.lanes) for (const { label } of spans) if (label !== null) labels.add(label)
    expect([...labels].filter((label) => !/^(?:[A-Z0-9?]|v\d|0[A-Z]|[a-f0-9]{2}|0x[0-9a-f]{8})$/.test(label))).toEqual([])
    const other = /\breserved unwritten\b|\bsparse\b|\bgap\b|\bin flight pending\b/
    expect([...new Set(views.flatMap(everyText))].filter((text) => other.test(text))).toEqual([])
  })

  it('never gives a stamp or a leaf the letter of a task that it does not belong to', () => {
    const clashes = new Set<string>()
    for (const view of views) {
      const letters = new Set(view.tasks.map(({ letter }) => letter))
      const pictures = allPictures(view).flat()
      const written = new Set(
        pictures.flatMap((picture) =>
          picture.kind === 'user-buffer' ? picture.runs.map(({ content }) => `${picture.owner}${content}`) : [],
        ),
      )
      for (const picture of pictures) {
        if (picture.kind === 'extent-strip')
          for (const { title, spans } of picture.lanes)
            for (const { label, task } of spans)
              if (label !== null && letters.has(label) && task !== label) clashes.add(`${label} in ${title}`)
        if (picture.kind === 'tree-leaf')
          for (const leaf of picture.leaves) if (letters.has(leaf.id)) clashes.add(`${leaf.title} of ${picture.title}`)
        if (picture.kind === 'user-buffer')
          for (const { content } of picture.runs)
            if (content !== null && letters.has(content) && !written.has(content + content)) clashes.add(`${content} in ${picture.title}`)
      }
    }
    expect([...clashes]).toEqual([])
  })

  it('has a gist of two sentences in plain words, whose lengths are those of the documented run', async () => {
    expect(card.gist.match(/[.](?= |$)/g)?.length).toBe(2)
    expect(card.gist.length).toBeLessThanOrEqual(320)
    // No functions, commits, flags or structs.
    expect(card.gist).not.toMatch(/\w\(\)|\b[0-9a-f]{12}\b|\b[A-Z]{2,}_|_|-E[A-Z]/)
    const [view] = views
    const told = view ? [...everyText(view), card.should].join(' ') : ''
    expect((card.gist.match(/\b\d+[KM]\b/g) ?? []).filter((length) => !told.includes(length))).toEqual([])
    expect((await noScriptText(card.id)).replace(/\s+/g, ' ')).toContain(card.gist)
  })
})
