/** Turns a run into what the page draws: sentences, pictures as differences, beats, windows, code. */
import { canonical } from '../base/plain.ts'
import { sourceOf, type StepRow } from '../engine/procedure.ts'
import { blocked, runnable, waitsFor, type Trace } from '../engine/trace.ts'
import type { State } from '../engine/state.ts'
import type { Diverged, Outcome, StepView, TaskView } from '../engine/view.ts'
import type { Picture } from '../picture/picture.ts'
import { refusalToFlip, type Staged } from '../scenarios/run.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { BeatView, CodeRow, CodeView, Frame, PatchView, RunChoice, SettingView, TraceView, WindowView } from './protocol.ts'

export function traceView(staged: Staged, choice: RunChoice, trace: Trace, diverged: Diverged | null): TraceView {
  const { scenario } = staged
  const { machine } = trace
  const steps = trace.views()
  const initial = trace.states[0] ?? machine.initial
  const { outcome } = trace
  return {
    scenario: scenario.card.id,
    rev: scenario.card.rev,
    kernel: { asked: staged.asked, resolved: staged.release.version, says: staged.says },
    patches: patchViews(staged, choice, steps),
    settings: scenario.card.settings.map((setting): SettingView => ({
      ...setting,
      value: staged.settings[setting.name] ?? setting.default,
    })),
    tasks: taskViews(trace),
    steps,
    frames: framesOf(scenario, trace),
    initial: { blocked: blocked(machine, initial), runnable: runnable(machine, initial) },
    beats: beatViews(scenario, steps),
    windows: windowViews(scenario, steps, trace.end === 'final'),
    oracles: machine.oracles,
    violations: trace.violations,
    outcome,
    happened: outcome ? happened(scenario, outcome) : [],
    end: trace.end,
    diverged,
    documented: isDocumented(staged, choice),
    choices: trace.choices,
    code: codeViews(staged, steps),
  }
}

function isDocumented({ scenario: { card } }: Staged, { kernel, toggles, settings, schedule }: RunChoice): boolean {
  const plain = kernel === card.defaultKernel && toggles.length === 0 && Object.keys(settings).length === 0
  return plain && 'named' in schedule && schedule.named === card.schedules[0]?.name
}

/** What a user noticed; of a run that is stuck only that, since the rest is no end of anything. */
function happened(scenario: Scenario, outcome: Outcome): readonly string[] {
  if (outcome.stuck === null) return scenario.happened(outcome)
  return outcome.stuck.map(({ task, on, heldBy }) => `${waitsFor(task, on, heldBy)}, and that never ends.`)
}

function taskViews({ machine, state }: Trace): TaskView[] {
  return machine.taskSlots.flatMap((slot) => {
    const letter = machine.letter(slot)
    const task = machine.task(state, letter)
    return task ? [{ letter, name: task.name, must: task.must, parent: task.parent }] : []
  })
}

/** The pictures of one state. */
export const picturesOf = (scenario: Scenario, { machine }: Trace, state: State): readonly Picture[] =>
  scenario.draw(machine.world(state), (oracle) => machine.memory(state, oracle))

/** The keyframe, then what changed at each step. */
function framesOf(scenario: Scenario, trace: Trace): Frame[] {
  let shown = new Map<string, string>()
  return trace.states.map((state) => {
    const pictures: readonly Picture[] = picturesOf(scenario, trace, state)
    const texts = new Map(pictures.map((picture) => [picture.id, canonical(picture)]))
    const frame = {
      changed: pictures.filter((picture) => shown.get(picture.id) !== texts.get(picture.id)),
      gone: [...shown.keys()].filter((id) => !texts.has(id)),
    }
    shown = texts
    return frame
  })
}

/** Each beat at the first step after the beat before it that is this moment. */
export function beatViews(scenario: Pick<Scenario, 'beats'>, steps: readonly StepView[]): BeatView[] {
  let after = 0
  return scenario.beats.map(({ id, says, at }) => {
    const found = steps.find((step) => step.n > after && at(step))
    if (found) after = found.n
    return { id, says, step: found?.n ?? null }
  })
}

/** Stretches between an opening and the next closing step. In a run that has ended, one that never closed was none. */
function windowViews(scenario: Scenario, steps: readonly StepView[], ended: boolean): WindowView[] {
  const is = (step: StepView, task: string, label: string): boolean => step.task === task && `${step.procedure}.${step.label}` === label
  return scenario.windows.flatMap(({ id, task, opens, closes, says }) => {
    const opened = steps.filter((step) => is(step, task, opens))
    return opened.flatMap((open, i): WindowView[] => {
      const to = steps.find((step) => step.n > open.n && is(step, task, closes))?.n ?? null
      return to === null && ended ? [] : [{ id: `${id}.${i + 1}`, task, from: open.n, to, says }]
    })
  })
}

function patchViews(staged: Staged, choice: RunChoice, steps: readonly StepView[]): PatchView[] {
  const consulted = new Set(steps.flatMap((step) => step.consults))
  return staged.scenario.card.patches.map((patch) => {
    const on = staged.kernel.patches[patch.id] === true
    return {
      id: patch.id,
      name: patch.name,
      subject: patch.subject,
      kind: patch.kind,
      on,
      shipped: staged.release.patches.includes(patch.id),
      refusal: refusalToFlip(staged, choice.toggles, patch.id),
      consulted: consulted.has(patch.id),
    }
  })
}

/** The procedures that ran, in order of first appearance, with rows that patches add or take away marked. */
function codeViews(staged: Staged, steps: readonly StepView[]): CodeView[] {
  const names = [...new Set(steps.map((step) => step.procedure))]
  const on = (id: string): boolean => staged.kernel.patches[id] === true
  return names.flatMap((name): CodeView[] => {
    const procedure = staged.system.procedures.find((candidate) => candidate.name === name)
    const rows = procedure?.rows.filter((row): row is StepRow<unknown, unknown> => row.kind === 'step') ?? []
    const first = rows[0]
    if (!procedure || !first) return []
    return [{ procedure: name, source: sourceOf(procedure, { row: first.row, fn: null }), rows: rows.flatMap((row) => codeRow(row, on)) }]
  })
}

function codeRow({ label, code, onlyWith, onlyWithout }: StepRow<unknown, unknown>, on: (id: string) => boolean): CodeRow[] {
  const gone = onlyWithout.find(on)
  if (gone !== undefined) return onlyWith.every(on) ? [{ label, code, sign: '-', patch: gone }] : []
  if (!onlyWith.every(on)) return []
  return [{ label, code, sign: onlyWith.length > 0 ? '+' : ' ', patch: onlyWith[0] ?? null }]
}
