/** A run that is put into words, and the part of it that is asked for. */
import type { Listing } from '../../engine/listing.ts'
import { waitsFor } from '../../engine/trace.ts'
import type { WhyView } from '../../engine/why/view.ts'
import type { Picture } from '../../picture/picture.ts'
import type { ShownStep, TraceView } from '../../worker/protocol.ts'
import type { Level } from './wanted.ts'

/** One run on one kernel. */
export interface Side {
  readonly view: TraceView
  /** What tools print of the file after this many steps; null where the model has no disk addresses. */
  readonly listing: (state: number) => Listing | null
  /** What a search of every interleaving finds, and the counts with the fix, if it is not in yet. */
  readonly why: () => { readonly view: WhyView; readonly fixed: (Counts & { readonly patch: string }) | null }
}

/** What a search counted. */
export interface Counts {
  readonly schedules: string | null
  readonly violating: string | null
  readonly complete: boolean
  readonly bound: string | null
  readonly states: number
}

/** How wide, how closely told, and which steps (1-based, both included). */
export interface Chosen {
  readonly width: number
  readonly level: Level
  readonly from: number
  readonly to: number
}

/** `6.1 with 939b656bc8ab`: the kernel that runs, by its release and the patches flipped against it. */
export function kernelOf({ kernel, patches }: TraceView): string {
  const flipped = (on: boolean): string[] => patches.filter((patch) => patch.on === on && patch.shipped !== on).map(({ id }) => id)
  const part = (word: string, ids: readonly string[]): string[] => (ids.length > 0 ? [`${word} ${ids.join(', ')}`] : [])
  return [kernel.resolved, ...part('with', flipped(true)), ...part('without', flipped(false))].join(' ')
}

/** The pictures after this many steps, as a reader sees them. */
export function picturesAt({ frames }: TraceView, state: number): Picture[] {
  const shown = new Map<string, Picture>()
  for (const { changed, gone } of frames.slice(0, state + 1)) {
    for (const id of gone) shown.delete(id)
    for (const picture of changed) shown.set(picture.id, picture)
  }
  return [...shown.values()]
}

/** A step that is told. */
export interface Told {
  readonly step: ShownStep
  /** The sentence of the story where the step is a moment of it and the story is what is told; otherwise the step's own. */
  readonly says: string
  /** Which tasks wait from here on, and for what. */
  readonly waits: readonly { readonly task: string; readonly says: string }[]
  /** What is wrong from here on. */
  readonly wrong: readonly string[]
}

/** The moments of the story, or every step, with what is wrong and who waits since the one before. */
export function toldOf({ view }: Side, { level, from, to }: Chosen): Told[] {
  const beats = new Map(view.beats.flatMap(({ kind, step, says }) => (kind === 'beat' && step !== null ? [[step, says] as const] : [])))
  const verdicts = new Set(view.oracles.filter(({ kind }) => kind === 'verdict').map(({ id }) => id))
  const out: Told[] = []
  let waiting = new Set((view.initial.blocked ?? []).map(({ task, on }) => `${task} ${on}`))
  let waits: Told['waits'][number][] = []
  for (const step of view.steps) {
    const now = new Set(step.blocked.map(({ task, on }) => `${task} ${on}`))
    if (step.n >= from && step.n <= to) {
      for (const { task, on, heldBy } of step.blocked)
        if (!waiting.has(`${task} ${on}`) && heldBy.length > 0) waits.push({ task, says: waitsFor(task, on, heldBy) })
      // Who waited between two moments and has gone on since needs no word.
      waits = waits.filter(({ task }) => step.blocked.some((one) => one.task === task))
      const wrong = view.violations.filter((one) => one.step === step.n && verdicts.has(one.oracle)).map(({ says }) => says)
      if (level === 'all' || beats.has(step.n) || wrong.length > 0) {
        out.push({ step, says: (level === 'beats' ? beats.get(step.n) : undefined) ?? step.says, waits, wrong })
        waits = []
      }
    }
    waiting = now
  }
  return out
}

/** Is anything wrong within the part that is told? */
export const goesWrong = ({ view: { violations, oracles } }: Side, { from, to }: Chosen): boolean =>
  violations.some(({ oracle, step }) => step >= from && step <= to && oracles.some(({ id, kind }) => id === oracle && kind === 'verdict'))

/** The kernel function of a step, `func()`; null for what is no function of the kernel. */
export const functionOf = ({ source }: ShownStep): string | null => (/\.[ch]$/.test(source.file) ? `${source.function}()` : null)

/** Who is who: `Task A: write(fd, buf, 64K)`. All who act or wait in what is told or are waited for, and all of whom its end speaks. */
export const whoIsWho = ({ view: { tasks } }: Side, told: readonly Told[], ending: readonly string[]): string[] => {
  const waits = told.flatMap((one) => one.waits)
  const waitedFor = waits.flatMap(({ says }) => says.split(', held by ')[1]?.split(/, | and /) ?? [])
  const acting = new Set([...told.map(({ step }) => step.task), ...waits.map(({ task }) => task), ...waitedFor])
  // A spawned task has a lower-case name, which can be a word of a sentence; ends speak of declared ones.
  const spoken = (letter: string): boolean => /^[A-Z]/.test(letter) && ending.some((line) => new RegExp(`\\b${letter}\\b`).test(line))
  return tasks.filter(({ letter }) => acting.has(letter) || spoken(letter)).map(({ letter, name }) => `Task ${letter}: ${name}`)
}
