/** A run as text: what the page copies, the command line prints, and the pages for readers without scripts are made of. */
import { maxStatesDefault, search } from '../engine/search.ts'
import type { Trace } from '../engine/trace.ts'
import type { Listing } from '../engine/listing.ts'
import { partedBetween } from '../narrate/parted.ts'
import type { Counts, Side } from '../narrate/text/side.ts'
import { textOf, type TextSource } from '../narrate/text/text.ts'
import { WIDTH, type Wanted } from '../narrate/text/wanted.ts'
import { wordsOf } from '../narrate/why.ts'
import { loadNotes, loadScenario } from '../scenarios/registry.ts'
import { run, stage, type Staged } from '../scenarios/run.ts'
import { askedWhy, withFix } from '../scenarios/why.ts'
import { compareRuns } from './compare-view.ts'
import type { RunChoice, TraceView } from './protocol.ts'
import { traceView } from './trace-view.ts'

/** A kernel and the run that is asked of it. */
export interface TextSide {
  readonly staged: Staged
  readonly choice: RunChoice
}

/** One run, or two of the same scenario beside each other. */
export async function textView(left: TextSide, right: TextSide | null, wanted: Wanted, maxStates = maxStatesDefault): Promise<string> {
  return textOf(await textSource(left, right, maxStates), wanted)
}

/** All that the texts of it are made of; nothing is searched before a text asks for it. */
export async function textSource(left: TextSide, right: TextSide | null, maxStates = maxStatesDefault): Promise<TextSource> {
  const { card } = left.staged.scenario
  const about = { card, threads: card.own ? [] : (await loadNotes(card.id)).threads }
  if (right === null) {
    const { trace, diverged } = run(left.staged, left.choice.schedule)
    const side = sideOf(left.staged, trace, traceView(left.staged, left.choice, trace, diverged), maxStates)
    return { left: side, right: null, parted: null, across: (state) => state, about }
  }
  const { view, traces } = compareRuns(left.staged, left.choice, right.staged, right.choice)
  return {
    left: sideOf(left.staged, traces[0], view.left, maxStates),
    right: sideOf(right.staged, traces[1], view.right, maxStates),
    parted: view.diverged && partedBetween(view.diverged),
    across: (state) => view.rows.findLast((row) => row.left <= state)?.right ?? 0,
    about,
  }
}

function sideOf(staged: Staged, trace: Trace, view: TraceView, maxStates: number): Side {
  const { system } = staged
  const listing = (at: number): Listing | null => {
    const state = trace.states[at]
    return state && system.listing ? system.listing(trace.machine.world(state)) : null
  }
  let found: ReturnType<Side['why']> | null = null
  const why: Side['why'] = () => (found ??= searched(staged, trace, maxStates))
  return { view, listing, why }
}

function searched(staged: Staged, { infos }: Trace, maxStates: number): ReturnType<Side['why']> {
  const choices = infos.map(({ task }) => task)
  const view = askedWhy(staged, choices, maxStates, wordsOf(staged.scenario.happened))
  const fix = withFix(staged)
  const fixed: Counts | null = fix && search(fix.staged.system, { maxStates }).verdict
  return { view, fixed: fix && fixed && { patch: fix.patch, ...fixed } }
}

/** What a scenario's page says without scripts: what `lockstep text <scenario>` prints. */
export async function noScriptText(id: string): Promise<string> {
  const scenario = await loadScenario(id)
  const { card } = scenario
  const choice: RunChoice = {
    scenario: id,
    kernel: card.defaultKernel,
    toggles: [],
    settings: {},
    schedule: { named: card.schedules[0]?.name ?? '' },
  }
  return textView({ staged: stage(scenario), choice }, null, { genre: 'page', width: WIDTH, level: 'beats', from: null, to: null })
}
