/** `litmus`: recorded programs of two tasks; is every outcome that a real kernel had among the model's? */
import { createInterface } from 'node:readline'
import { InputError } from '../base/assert.ts'
import { impossible, judgeLitmus, readLitmus, sceneOfLitmus, type Judged } from '../own/litmus.ts'
import { printScene } from '../scene/print.ts'
import { count, parse, print, printJson, type Command } from './options.ts'
import { contentOf } from './recording.ts'

export const litmus: Command = {
  takes: '<file.jsonl[.gz]>',
  says: 'Runs recorded programs of two tasks through every interleaving of the model and says for each whether every outcome that was seen is among those the model has. "-" reads the standard input. Exit status 1 if one is not.',
  options: ['compare', 'only', 'max-states', 'json'],
  own: { compare: ['', 'prints a line for each program; without it only the scenes'] },
  run: litmusFile,
}

/** The largest of the recorded programs that are known has 45,000; what is beyond is met by schedules at random. */
const statesDefault = 400_000

async function litmusFile(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(litmus, args)
  const [file, extra] = positionals
  if (file === undefined) throw new InputError('which recording? Name a file of programs, .jsonl or .jsonl.gz')
  if (extra !== undefined) throw new InputError(`one recording at a time: leave "${extra}" out`)
  const maxStates = values['max-states'] === undefined ? statesDefault : count('max-states', values['max-states'])
  const all: Judged[] = []
  const refused: string[] = []
  let number = 0
  let met = 0
  for await (const line of createInterface({ input: await contentOf(file), crlfDelay: Infinity })) {
    number++
    if (line.trim() === '') continue
    try {
      const program = readLitmus(line)
      if (values.only !== undefined && values.only !== program.id) continue
      met++
      if (!values.compare) {
        print(printScene(sceneOfLitmus(program)))
        continue
      }
      const judged = judgeLitmus(program, maxStates)
      all.push(judged)
      if (!values.json) print(told(judged))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      refused.push(`line ${number}: ${error.message}`)
      process.stderr.write(`lockstep: ${file} line ${number}: ${error.message}\n`)
    }
  }
  if (values.only !== undefined && met === 0) throw new InputError(`there is no program "${values.only}" in ${file}`)
  if (!values.compare) return 0
  if (values.json) printJson({ file, ...totals(all), refused, programs: all.map(inShort) })
  else print(inTotal(all, refused))
  return all.some(({ missing }) => missing.length > 0) ? 1 : 0
}

const totals = (all: readonly Judged[]) => {
  const sum = (of: (one: Judged) => number): number => all.reduce((total, one) => total + of(one), 0)
  return {
    programs: all.length,
    allFound: all.filter(({ missing }) => missing.length === 0).length,
    recorded: sum(({ program }) => program.outcomes.length),
    found: sum(({ program, missing }) => program.outcomes.length - missing.length),
    possible: sum(({ possible }) => possible.length),
    unseen: sum(({ unseen }) => unseen.length),
    impossible: sum(({ possible }) => possible.filter(impossible).length),
    bounded: all.filter(({ complete }) => !complete).length,
    states: sum(({ states }) => states),
  }
}

const inShort = ({ program, complete, states, possible, missing, unseen }: Judged) => ({
  id: program.id,
  kind: program.kind,
  complete,
  states,
  recorded: program.outcomes.length,
  possible: possible.length,
  missing,
  unseen,
})

function told({ program, complete, states, possible, missing }: Judged): string {
  const { id, outcomes } = program
  const found = outcomes.length - missing.length
  const bound = complete ? '' : ', stopped by its bound'
  return `${missing.length === 0 ? 'ok     ' : 'MISSING'} ${id.padEnd(10)} ${found} of ${outcomes.length} outcomes found, the model has ${possible.length}; ${states} states${bound}`
}

function inTotal(all: readonly Judged[], refused: readonly string[]): string {
  const t = totals(all)
  const ratio = t.recorded > 0 ? (t.possible / t.recorded).toFixed(2) : 'no'
  return [
    `${t.allFound} of ${t.programs} programs: every outcome that was seen is among the model's`,
    `${t.found} of ${t.recorded} outcomes found; ${t.possible} possible (${ratio} for each that was seen), ${t.unseen} of them never seen, ${t.impossible} impossible`,
    `${t.bounded} stopped by the bound, ${t.states} states${refused.length > 0 ? `, ${refused.length} refused` : ''}`,
  ].join('\n')
}
