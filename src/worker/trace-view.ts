/** Turns a run into what the page draws: sentences, pictures as differences, beats, windows, code. */
import { canonical, same } from '../base/plain.ts'
import { callsOf } from '../engine/calls.ts'
import { sourceOf, type StepRow } from '../engine/procedure.ts'
import { blocked, runnable, waitsFor, type Trace } from '../engine/trace.ts'
import type { State } from '../engine/state.ts'
import type { Diverged, Outcome, StepView, TaskView } from '../engine/view.ts'
import { markedTasks, withMarks } from '../picture/mark.ts'
import type { Picture } from '../picture/picture.ts'
import { momentsOf, sentenceOf, tell, type Moment } from '../scenarios/beat.ts'
import { refusalToFlip, type Staged } from '../scenarios/run.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { BeatView, CodeRow, CodeView, Frame, PatchView, RunChoice, SettingView, ShownStep, TraceView, WindowView } from './protocol.ts'

export function traceView(staged: Staged, choice: RunChoice, trace: Trace, diverged: Diverged | null): TraceView {
  const { scenario } = staged
  const { machine } = trace
  const steps = trace.views()
  const moments = momentsOf(trace, steps)
  const initial = trace.states[0] ?? machine.initial
  const { outcome } = trace
  return {
    scenario: scenario.card.id,
    rev: scenario.card.rev,
    scene: scenario.card.scene(staged.settings),
    kernel: { asked: staged.asked, resolved: staged.release.version, says: staged.says },
    patches: patchViews(staged, choice, steps),
    settings: scenario.card.settings.map((setting): SettingView => ({
      ...setting,
      value: staged.settings[setting.name] ?? setting.default,
    })),
    tasks: taskViews(trace),
    steps: steps.map(shownStep),
    calls: callsOf(trace),
    frames: framesOf(scenario, trace),
    initial: { blocked: blocked(machine, initial), runnable: runnable(machine, initial) },
    beats: beatViews(scenario, trace, moments),
    windows: windowsOf(scenario, moments, trace.end === 'final'),
    oracles: machine.oracles,
    violations: trace.violations,
    outcome,
    happened: outcome ? happened(scenario, outcome) : [],
    end: trace.end,
    diverged,
    documented: isDocumented(staged, choice),
    choices: trace.choices,
    code: codeViews(staged, steps),
    canFail: staged.system.plug !== undefined,
  }
}

const shownStep = ({ source: { file, function: fn, at }, consults: _, ...step }: StepView): ShownStep => ({
  ...step,
  source: { file, function: fn, at },
})

function isDocumented({ scenario: { card } }: Staged, { kernel, toggles, settings, schedule }: RunChoice): boolean {
  const plain = kernel === card.defaultKernel && same(toggles, card.toggles ?? []) && Object.keys(settings).length === 0
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

/** The pictures of one state, before anything is marked on them. */
export const picturesOf = (scenario: Scenario, { machine }: Trace, state: State): readonly Picture[] =>
  scenario.draw(machine.world(state), (oracle) => machine.memory(state, oracle))

/** The keyframe, then what changed at each step. */
function framesOf(scenario: Scenario, trace: Trace): Frame[] {
  let shown = new Map<string, string>()
  return trace.states.map((state, i) => {
    const marks = trace.marks(i)
    const pictures = withMarks(picturesOf(scenario, trace, state), marks)
    const texts = new Map(pictures.map((picture) => [picture.id, canonical(picture)]))
    const frame = {
      changed: pictures.filter((picture) => shown.get(picture.id) !== texts.get(picture.id)),
      gone: [...shown.keys()].filter((id) => !texts.has(id)),
      tasks: markedTasks(marks),
    }
    shown = texts
    return frame
  })
}

/** The moments of the story, then the first time that each oracle objects: both are where a reader stops. */
export function beatViews(scenario: Pick<Scenario, 'beats'>, trace: Trace, moments = momentsOf(trace)): BeatView[] {
  const told = tell(scenario.beats, moments).map(({ beat, moment }): BeatView => ({
    id: beat.id,
    kind: 'beat',
    step: moment?.step.n ?? null,
    says: moment ? sentenceOf(beat, moment) : '',
  }))
  return [...told, ...objections(trace)]
}

function objections(trace: Trace): BeatView[] {
  const verdicts = trace.machine.oracles.filter(({ kind }) => kind === 'verdict')
  return verdicts.flatMap(({ id }): BeatView[] => {
    const first = trace.violations.find(({ oracle }) => oracle === id)
    return first ? [{ id: `violation:${id}`, kind: 'violation', step: first.step, says: first.says }] : []
  })
}

/** Stretches between an opening and the next closing step. In a run that has ended, one that never closed was none. */
export function windowsOf(scenario: Pick<Scenario, 'windows'>, moments: readonly Moment[], ended: boolean): WindowView[] {
  const is = ({ step }: Moment, task: string, label: string): boolean => step.task === task && `${step.procedure}.${step.label}` === label
  return scenario.windows.flatMap(({ id, task, opens, closes, when, says }) => {
    const opened = moments.filter((moment) => is(moment, task, opens) && (when?.(moment) ?? true))
    return opened.flatMap((open, i): WindowView[] => {
      const to = moments.find((moment) => moment.step.n > open.step.n && is(moment, task, closes))?.step.n ?? null
      return to === null && ended ? [] : [{ id: `${id}.${i + 1}`, task, from: open.step.n, to, says }]
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
