// Every genre of every scenario, at every width: what a mailer would spoil is not in it.
import { describe, expect, it } from 'vitest'
import { scenarioIds } from '../../scenarios/catalog.ts'
import { loadScenario } from '../../scenarios/registry.ts'
import { flips, stage } from '../../scenarios/run.ts'
import { textSource, type TextSide } from '../../worker/text-view.ts'
import { genres, textOf, widths, type TextSource, type Wanted } from './text.ts'

async function sideOf(id: string, toggles: readonly string[] = []): Promise<TextSide> {
  const scenario = await loadScenario(id)
  const { defaultKernel: kernel, schedules } = scenario.card
  return {
    staged: stage(scenario, { kernel, ...flips(kernel, toggles) }),
    choice: { scenario: id, kernel, toggles, settings: {}, schedule: { named: schedules[0]?.name ?? '' } },
  }
}

/** What is wrong with a text, line by line. */
function flawsIn(text: string, width: number): string[] {
  const lines = text.split('\n')
  return [
    ...(lines.at(-1) === '' && lines.length > 1 ? [] : ['does not end with a line feed']),
    ...lines.filter((line) => /[^ -~]/.test(line)).map((line) => `not ASCII: ${line}`),
    ...lines.filter((line) => line.endsWith(' ')).map((line) => `trailing blank: ${line}`),
    ...lines.filter((line) => line.length > width && !line.startsWith('Fixes: ')).map((line) => `${line.length} columns: ${line}`),
    // What a sign has no way to be written with becomes one.
    ...lines.filter((line) => / \?|\?\?/.test(line)).map((line) => `a sign was lost: ${line}`),
  ]
}

/** The whole run, a part of it and single steps. */
function flawsOf(source: TextSource): string[] {
  const last = source.left.view.steps.length
  const parts = [
    [null, null],
    [1, 1],
    [Math.ceil(last / 3), Math.ceil((2 * last) / 3)],
  ] as const
  return genres.flatMap((genre) =>
    widths.flatMap((width) =>
      (['beats', 'all'] as const).flatMap((level) =>
        parts.flatMap(([from, to]) => {
          const wanted: Wanted = { genre, width, level, from, to }
          return flawsIn(textOf(source, wanted), width).map((flaw) => `${genre} ${width} ${level} ${from}-${to}: ${flaw}`)
        }),
      ),
    ),
  )
}

describe.each(scenarioIds)('%s', (id) => {
  it('is ASCII, within the width and without trailing blanks in every genre', async () => {
    expect(flawsOf(await textSource(await sideOf(id), null))).toEqual([])
  })

  it('is so beside the kernel with the fix, too', async () => {
    const left = await sideOf(id)
    const { fix } = left.staged.scenario.card
    expect(flawsOf(await textSource(left, await sideOf(id, [fix])))).toEqual([])
  })

  it('says the same every time', async () => {
    const wanted: Wanted = { genre: 'page', width: 72, level: 'beats', from: null, to: null }
    const once = textOf(await textSource(await sideOf(id), null), wanted)
    expect(textOf(await textSource(await sideOf(id), null), wanted)).toBe(once)
  })

  it('tells every moment of the story', async () => {
    const source = await textSource(await sideOf(id), null)
    const flat = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('“', '"').replaceAll('”', '"')
    const text = flat(textOf(source, { genre: 'steps', width: 72, level: 'beats', from: null, to: null }))
    const { beats } = source.left.view
    // Without its subject, which stands in front, and without the full stop.
    const missing = beats.filter(({ step, says }) => step !== null && !text.includes(flat(says).replace(/^\S+ /, '').replace(/\.$/, '')))
    expect(missing.map(({ says }) => says)).toEqual([])
  })
})
