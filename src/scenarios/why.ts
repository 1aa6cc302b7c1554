/** A staged scenario asked why: which fix to compare with, and the search of it. */
import { InputError } from '../base/assert.ts'
import { atOnce } from '../base/at-once.ts'
import { Inquiry, type Decided } from '../engine/inquiry.ts'
import { search, type SearchResult } from '../engine/search.ts'
import type { World } from '../engine/procedure.ts'
import type { Letter } from '../engine/view.ts'
import type { WhyView } from '../engine/why/view.ts'
import { why, type Words } from '../engine/why/why.ts'
import { stage, type Staged } from './run.ts'

/** What all schedules answer, for who can wait for it. `choices`: the run shown. `words` says what is found. */
export function askedWhy(staged: Staged, choices: readonly Letter[], maxStates: number, words: Words): WhyView {
  const inquiry = new Inquiry(staged.system, { maxStates })
  const result = atOnce(inquiry.count())
  return whyOf({ staged, result, decided: result.verdict.complete ? null : atOnce(inquiry.decide()), choices, maxStates, words })
}

/** What was found, and of a search that was stopped also what was decided. */
export interface Found {
  readonly staged: Staged
  readonly result: SearchResult<World>
  readonly decided: Decided | null
  readonly choices: readonly Letter[]
  readonly maxStates: number
  readonly words: Words
}

export function whyOf({ staged, result, decided, choices, maxStates, words }: Found): WhyView {
  const fixed = withFix(staged)
  return why({
    result,
    decided,
    choices,
    fixed: fixed && (() => ({ patch: fixed.patch, result: search(fixed.staged.system, { maxStates }) })),
    words,
  })
}

/** The same with the fix that the card names; null if it is in already, or cannot be had here. */
export function withFix(staged: Staged): { readonly patch: string; readonly staged: Staged } | null {
  const { scenario, release, kernel, asked, settings } = staged
  const patch = scenario.card.fix
  if (kernel.patches[patch]) return null
  const on = Object.keys(kernel.patches).filter((id) => !release.patches.includes(id))
  const off = release.patches.filter((id) => !kernel.patches[id])
  try {
    return { patch, staged: stage(scenario, { kernel: asked, on: [...on, patch], off, settings }) }
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}
