/** `explore`: every interleaving. */
import { InputError } from '../base/assert.ts'
import { grouped, inWords } from '../base/count.ts'
import { Machine } from '../engine/machine.ts'
import { reduce } from '../engine/reduce.ts'
import { maxStatesDefault, search } from '../engine/search.ts'
import { exploreDocument, verdictDocument, type ExploreDocument, type VerdictDocument } from '../scenarios/documents.ts'
import { loadScenario, scenarioIds } from '../scenarios/registry.ts'
import { patchSets, stage, type Staged } from '../scenarios/run.ts'
import { ruleInWords, rulesInWords } from '../narrate/rules.ts'
import { count, extent, parse, print, printJson, runOptions, stageOptions, type Command, type Options } from './options.ts'

export const explore: Command = {
  takes: '<scenario>',
  says: 'Visits every reachable state once and counts schedules exactly: how many there are, how many violate what, every outcome.',
  options: [...runOptions, 'max-states', 'expect', 'all', 'verdict', 'json'],
  run: exploreAsked,
}

async function exploreAsked(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(explore, args)
  if (values.expect !== undefined && values.expect !== 'none')
    throw new InputError(`--expect "${values.expect}" is not known; --expect none asks that nothing is violated`)
  const maxStates = values['max-states'] === undefined ? maxStatesDefault : count('max-states', values['max-states'])
  const chosen = runOptions.find((name) => values[name] !== undefined)
  if (values.all && chosen !== undefined) throw new InputError(`--all explores every kernel and patch: leave --${chosen} out`)
  if (values.all && positionals.length > 0) throw new InputError(`--all explores every scenario: leave "${positionals[0]}" out`)
  const staged = values.all ? await everyScenario() : [await stageOptions(positionals, values)]
  if (values.verdict) return decided(staged, maxStates, values)
  const documents = staged.map((one) => exploreOne(one, maxStates))
  if (values.json) printJson(values.all ? documents : documents[0])
  else documents.forEach((document, i) => print(told(document, staged[i] as Staged)))
  return values.expect === 'none' && documents.some((document) => document.violating !== '0' || !document.complete) ? 1 : 0
}

/** The verdict without the counts. */
function decided(staged: readonly Staged[], maxStates: number, values: Options): number {
  const documents = staged.map((one) => {
    const began = performance.now()
    const reduced = reduce(one.system, { maxStates })
    return verdictDocument(one, reduced, Math.round(performance.now() - began) / 1000)
  })
  if (values.json) printJson(values.all ? documents : documents[0])
  else documents.forEach((document, i) => print(verdictInWords(document, staged[i] as Staged)))
  return values.expect === 'none' && documents.some((document) => !document.complete || violatedBy(document).length > 0) ? 1 : 0
}

/** The rules that a search of the system counts. */
const rulesOf = (system: Staged['system']): Machine['oracles'] => new Machine(system).oracles

const violatedBy = ({ oracles }: VerdictDocument): string[] =>
  oracles.filter(({ kind, sample }) => kind === 'verdict' && sample !== null).map(({ id }) => id)

const nameOf = ({ scenario, kernel, patches }: Pick<ExploreDocument, 'scenario' | 'kernel' | 'patches'>): string =>
  `${scenario} on ${kernel}${patches.length > 0 ? ` with ${patches.join(' ')}` : ''}`

function verdictInWords(document: VerdictDocument, { system }: Staged): string {
  const rules = rulesOf(system)
  const violated = violatedBy(document)
  const found =
    violated.length === 0
      ? 'nothing is violated'
      : `${document.always ? 'every schedule violates' : 'some schedules violate'} ${rulesInWords(rules, violated)}`
  return [
    nameOf(document),
    `  ${document.complete ? found : `${found} as far as was searched`}; ${extent(document)}; ${document.states} states in a reduced search, not counted`,
    ...outcomesInWords(document),
  ].join('\n')
}

/** Every scenario on every kernel, as shipped and with each patch flipped that can be. */
const everyScenario = async (): Promise<Staged[]> => {
  const scenarios = await Promise.all(scenarioIds.map(loadScenario))
  return scenarios.flatMap((scenario) => [...patchSets(scenario)].map((asked) => stage(scenario, asked)))
}

function exploreOne(staged: Staged, maxStates: number): ExploreDocument {
  const began = performance.now()
  const { verdict } = search(staged.system, { maxStates })
  return exploreDocument(staged, verdict, Math.round(performance.now() - began) / 1000)
}

function outcomesInWords({ outcomes }: Pick<ExploreDocument | VerdictDocument, 'outcomes'>): string[] {
  const [first] = outcomes
  return first ? [`  ${outcomes.length} distinct ${outcomes.length === 1 ? 'outcome' : 'outcomes'}, for example ${first.sample}`] : []
}

/** Rounded as one says it, and the digits if that left some out. */
function violatingInWords({ violating, schedules }: Pick<ExploreDocument, 'violating' | 'schedules'>): string {
  if (schedules === '0') return 'no schedule was followed to its end'
  const [short, exact] = [`${inWords(violating)} of ${inWords(schedules)}`, `${grouped(violating)} of ${grouped(schedules)}`]
  return `${short} schedules violate${short === exact ? '' : ` (${exact})`}`
}

function told(document: ExploreDocument, { system }: Staged): string {
  const rules = rulesOf(system)
  const violated = document.oracles
    .filter((oracle) => oracle.violatingSchedules !== '0')
    .map((oracle) => `${ruleInWords(rules, oracle.id)}${oracle.kind === 'info' ? ', which need not hold' : ''}`)
  return [
    nameOf(document),
    `  ${violatingInWords(document)}; ${extent(document)}; ${document.states} states, ${document.deadlocks} ${document.deadlocks === 1 ? 'deadlock' : 'deadlocks'}`,
    ...(violated.length > 0 ? [`  violated: ${violated.join(', ')}`] : []),
    ...outcomesInWords(document),
  ].join('\n')
}
