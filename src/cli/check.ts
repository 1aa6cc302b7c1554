/** `check`: a scene of one's own, every interleaving of it. */
import { grouped } from '../base/count.ts'
import { reduce } from '../engine/reduce.ts'
import { maxStatesDefault } from '../engine/search.ts'
import { describe } from '../kernel/vfs/describe.ts'
import { brokenRules, factAnswers, type FactAnswer } from '../own/answer.ts'
import type { StagedScene } from '../own/system.ts'
import { sayings, VERSION } from '../scene/scene.ts'
import { count, extent, parse, print, printJson, type Command } from './options.ts'
import { oneScene, stagedOf } from './scene-file.ts'

export const check: Command = {
  takes: '<file|scenario>',
  says: 'Answers a scene of your own: each of its facts with a schedule, the rules of the file system, and every outcome. The text may stand in a whole mail. "-" reads the standard input. Exit status 1 if a never or an always is broken.',
  options: ['max-states', 'json'],
  run: checkFile,
}

/** What is printed, as one document. */
interface CheckDocument {
  readonly scene: string | null
  readonly language: number
  readonly kernel: string
  readonly says: string | null
  readonly complete: boolean
  readonly bound: string | null
  readonly states: number
  readonly facts: readonly FactAnswer[]
  readonly rules: readonly { readonly id: string; readonly says: string; readonly sample: string }[]
  readonly outcomes: readonly { readonly says: readonly string[]; readonly after: unknown; readonly sample: string }[]
}

async function checkFile(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(check, args)
  const staged = await stagedOf(oneScene(positionals))
  const document = documentOf(staged, values['max-states'] === undefined ? maxStatesDefault : count('max-states', values['max-states']))
  if (values.json) printJson(document)
  else print(told(document, staged))
  return document.facts.some(({ answer }) => answer === 'broken') ? 1 : 0
}

function documentOf(staged: StagedScene, maxStates: number): CheckDocument {
  const reduced = reduce(staged.system, { maxStates })
  return {
    scene: staged.scene.name,
    language: VERSION,
    kernel: staged.release.version,
    says: staged.says,
    complete: reduced.complete,
    bound: reduced.bound,
    states: reduced.states,
    facts: factAnswers(staged, reduced),
    rules: brokenRules(staged, reduced),
    outcomes: reduced.outcomes.map((outcome) => ({ says: describe(outcome), after: outcome.after, sample: outcome.sample })),
  }
}

/** Outcomes that read the same are told once. */
function toldOutcomes({ outcomes }: CheckDocument, power: boolean): string[] {
  const text = power
    ? (one: CheckDocument['outcomes'][number]) => JSON.stringify(one.after)
    : (one: CheckDocument['outcomes'][number]) => one.says.join(' ')
  const first = new Map(outcomes.toReversed().map((one) => [text(one), one.sample]))
  return [...first].toReversed().map(([says, sample]) => `  ${says}\n      ${sample}`)
}

function told(document: CheckDocument, { scene }: StagedScene): string {
  const { facts, rules, complete, bound, states, kernel, says } = document
  const asked = sayings(scene, 'outcomes')
  return [
    `${document.scene ?? 'the scene'} on ${kernel}${says === null ? '' : ` (${says})`}`,
    ...facts.map(({ answer, text, sample }) => `  ${answer.padEnd(11)} ${text}${sample === null ? '' : `\n              ${sample}`}`),
    ...rules.map(({ id, says: rule, sample }) => `  violated    ${id}: ${rule}\n              ${sample}`),
    ...(facts.length === 0 && rules.length === 0 ? ['  no rule of the file system is violated'] : []),
    `  ${complete ? 'every interleaving: complete' : extent({ complete, bound })}; ${grouped(String(states))} states in a reduced search; language ${VERSION}`,
    ...(asked.length > 0
      ? [
          `outcomes:`,
          ...toldOutcomes(
            document,
            asked.every(({ afterPower }) => afterPower),
          ),
        ]
      : []),
  ].join('\n')
}
