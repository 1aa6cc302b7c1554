/** Texts of a scenario for tests: its documented run on its kernel, and beside it the same with other patches. */
import { loadScenario } from '../scenarios/registry.ts'
import { flips, stage } from '../scenarios/run.ts'
import { textOf, type TextSource } from '../narrate/text/text.ts'
import type { Wanted } from '../narrate/text/wanted.ts'
import { textSource, type TextSide } from '../worker/text-view.ts'

type Settings = Readonly<Record<string, string>>

/** The documented run with these patches flipped and these settings. */
async function sideOf(id: string, toggles: readonly string[], settings: Settings): Promise<TextSide> {
  const scenario = await loadScenario(id)
  const { defaultKernel: kernel, schedules } = scenario.card
  return {
    staged: stage(scenario, { kernel, ...flips(kernel, toggles), settings }),
    choice: { scenario: id, kernel, toggles, settings, schedule: { named: schedules[0]?.name ?? '' } },
  }
}

/** `beside`: patches that are flipped on the right of a comparison; null = no comparison. */
export const sourceOf = async (id: string, beside: readonly string[] | null = null, settings: Settings = {}): Promise<TextSource> =>
  textSource(await sideOf(id, [], settings), beside && (await sideOf(id, beside, settings)))

/** The lines of a text in 72 columns, the beats of the whole run, unless something else is wanted. */
export function linesOf(source: TextSource, wanted: Partial<Wanted> & Pick<Wanted, 'genre'>): string[] {
  return textOf(source, { width: 72, level: 'beats', from: null, to: null, ...wanted })
    .trimEnd()
    .split('\n')
}
