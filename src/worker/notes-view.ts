/** What a scenario's page says beside its pictures: notes, with the runs that their variants and recordings lead to. */
import { claimWords } from '../scenarios/claim.ts'
import type { Notes, Variant } from '../scenarios/notes.ts'
import { compareRecording, type Compared } from '../scenarios/recordings.ts'
import { loadFound, loadNotes } from '../scenarios/registry.ts'
import { patchNamed, run, stage, type Asked } from '../scenarios/run.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { RunChoice } from './run-choice.ts'

export interface VariantView {
  readonly id: string
  readonly says: string
  readonly row: string
  /** The whole run in which its promise is seen. */
  readonly run: RunChoice
  /** Does it promise a violation? */
  readonly violates: boolean
  /** What a search of every interleaving finds or, for a schedule of its own, what that one does: in words. */
  readonly claims: readonly string[]
}

export interface NotesView {
  readonly notes: Omit<Notes, 'variants'>
  readonly variants: readonly VariantView[]
  /** By the recording's id. */
  readonly recordings: Readonly<Record<string, { readonly run: RunChoice; readonly fields: readonly Compared[] }>>
}

export async function notesView(scenario: Scenario): Promise<NotesView> {
  const { id } = scenario.card
  const [{ variants, ...notes }, found] = await Promise.all([loadNotes(id), loadFound(id)])
  return {
    notes,
    variants: variants.map((variant) => variantView(scenario, variant, found)),
    recordings: Object.fromEntries(
      notes.recordings.map((recording) => {
        const choice = choiceOf(scenario, recording.asked, recording.schedule)
        const { trace } = run(stage(scenario, recording.asked), choice.schedule)
        trace.finish()
        return [recording.id, { run: choice, fields: compareRecording(recording, trace.machine.outcome(trace.state)) }]
      }),
    ),
  }
}

/** Opens the variant's own schedule, or the sample that a search has found, or the documented one. */
function variantView(
  scenario: Scenario,
  { id, says, row, asked, schedule, claims }: Variant,
  found: Readonly<Record<string, string>>,
): VariantView {
  const choices = found[id]
  return {
    id,
    says,
    row,
    run: choiceOf(scenario, asked, schedule ?? (choices === undefined ? undefined : { choices })),
    violates: claims.some((claim) => claim.violates !== undefined && claim.in !== 'no'),
    claims: claims.map((claim) => claimWords(claim, schedule !== undefined)),
  }
}

/** What was asked for, as a link says it. */
function choiceOf(scenario: Scenario, { kernel, on = [], off = [], settings = {} }: Asked, schedule?: RunChoice['schedule']): RunChoice {
  const { card } = scenario
  const defaults = new Map(card.settings.map((setting) => [setting.name, setting.default]))
  return {
    scenario: card.id,
    kernel: kernel ?? card.defaultKernel,
    toggles: [...on, ...off].map((text) => patchNamed(scenario, text)).sort(),
    settings: Object.fromEntries(Object.entries(settings).filter(([name, value]) => defaults.get(name) !== value)),
    schedule: schedule ?? { named: card.schedules[0]?.name ?? '' },
  }
}
