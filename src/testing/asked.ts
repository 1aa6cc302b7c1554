/** A scene by its lines, staged and searched to the end. */
import { expect } from 'vitest'
import { reduce, type Reduced } from '../engine/reduce.ts'
import { brokenRules, factAnswers } from '../own/answer.ts'
import { stageScene, type StagedScene } from '../own/system.ts'
import type { Answer } from '../own/verdict.ts'
import { parseScene } from '../scene/parse.ts'

/** What is between the first line of a scene and its last, ready to run. */
export function stagedScene(lines: string): StagedScene {
  const { scene, problems } = parseScene(`lockstep 1\n${lines}\nend`)
  expect(problems).toEqual([])
  const staged = stageScene(scene)
  if (!('system' in staged)) throw new Error(staged.map(({ message }) => message).join('; '))
  return staged
}

export interface Asked {
  /** By fact. */
  readonly answers: Readonly<Record<string, Answer>>
  /** Broken rules of the file system. */
  readonly rules: readonly string[]
  readonly outcomes: Reduced['outcomes']
}

export function asked(lines: string): Asked {
  const staged = stagedScene(lines)
  const reduced = reduce(staged.system, { maxStates: 200_000 })
  expect(reduced.complete).toBe(true)
  return {
    answers: Object.fromEntries(factAnswers(staged, reduced).map(({ text, answer }) => [text, answer])),
    rules: brokenRules(staged, reduced).map(({ id }) => id),
    outcomes: reduced.outcomes,
  }
}

/** What of it cannot be run, as `line: message`. */
export function refused(lines: string): string[] {
  const { scene, problems } = parseScene(`lockstep 1\n${lines}\nend`)
  expect(problems).toEqual([])
  const staged = stageScene(scene)
  return 'system' in staged ? [] : staged.map(({ line, message }) => `${line}: ${message}`)
}
