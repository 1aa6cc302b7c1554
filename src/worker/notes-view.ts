/** What a scenario's page says beside its pictures: notes, with the runs that their variants and recordings lead to. */
import type { Notes } from '../scenarios/notes.ts'
import { compareRecording, type Compared } from '../scenarios/recordings.ts'
import { patchNamed, run, stage, type Asked } from '../scenarios/run.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { RunChoice } from './run-choice.ts'

export interface NotesView {
  readonly notes: Notes
  /** By the variant's id. */
  readonly variants: Readonly<Record<string, RunChoice>>
  /** By the recording's id. */
  readonly recordings: Readonly<Record<string, { readonly run: RunChoice; readonly fields: readonly Compared[] }>>
}

export async function notesView(scenario: Scenario): Promise<NotesView> {
  const notes = await scenario.notes()
  return {
    notes,
    variants: Object.fromEntries(notes.variants.map(({ id, asked, schedule }) => [id, choiceOf(scenario, asked, schedule)])),
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
