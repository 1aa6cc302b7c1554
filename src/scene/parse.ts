/** Text to scene: everything that can be read is, and whatever cannot is named. */
import { findScene, type Logical, type Problem } from './lines.ts'
import { Reader, Unreadable } from './reader.ts'
import { readCommand } from './command.ts'
import { readAfterPower, readFact, readLabel } from './fact.ts'
import {
  sayings,
  STATEMENTS_MAX,
  CHOICES_MAX,
  OPTIONS_MAX,
  PATCHES_MAX,
  TASKS_MAX,
  tasksOf,
  TEXT_MAX,
  type Choice,
  type Fact,
  type Letter,
  type Saying,
  type Scene,
  type Statement,
} from './scene.ts'
import { claims, eventNames } from './words.ts'

export interface Parsed {
  readonly scene: Scene
  /** In the order of the lines; empty = the scene is whole. */
  readonly problems: readonly Problem[]
}

/** Reads a scene, or a whole mail with a scene in it. Never throws. */
export function parseScene(text: string): Parsed {
  if (text.length > TEXT_MAX) {
    const message = `the text has ${text.length} characters, more than the ${TEXT_MAX} that are read: cut out the scene`
    return { scene: { name: null, statements: [] }, problems: [{ line: 1, word: null, message }] }
  }
  const found = findScene(text)
  const statements: Statement[] = []
  const problems: Problem[] = [...found.problems]
  for (const logical of found.lines) {
    const { line, comment, words } = logical
    if (statements.length >= STATEMENTS_MAX) {
      problems.push({ line, word: null, message: `a scene has at most ${STATEMENTS_MAX} lines: what follows is not read` })
      break
    }
    const said = words.length === 0 ? ({ kind: 'comment' } as const) : read(logical, problems)
    if (said) statements.push({ ...said, line, comment: said.kind !== 'comment' && comment === '' ? null : comment })
  }
  const scene = { name: found.name, statements }
  // What belongs together is judged once the lines are read: a line with an error is not missed a second time.
  if (problems.length === 0) problems.push(...together(scene))
  return { scene, problems: problems.sort((a, b) => a.line - b.line) }
}

function read(logical: Logical, problems: Problem[]): Saying | null {
  try {
    return saying(new Reader(logical))
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    problems.push(error.problem)
    return null
  }
}

function saying(reader: Reader): Saying {
  const word = reader.here
  const begin = reader.take('a word')
  if (begin === 'setup:') return { kind: 'setup', command: readCommand(reader, 'setup') }
  if (/^[A-Z]:$/.test(begin)) return { kind: 'task', task: begin[0] ?? '', command: readCommand(reader, 'task') }
  if (/^[A-Z]:/.test(begin)) return reader.fail(`a blank belongs behind \`${begin.slice(0, 2)}\``, word)
  const claim = claims.find((one) => one === begin)
  if (claim) return { kind: 'claim', claim, fact: readFact(reader) }
  switch (begin) {
    case 'on':
      return kernel(reader)
    case 'mkfs':
    case 'mount':
      return { kind: begin, options: options(reader) }
    case 'may': {
      const event = reader.oneOf(eventNames, 'event')
      const range = reader.done ? null : reader.range()
      reader.end(`\`may ${event}\``)
      return { kind: 'may', event, range }
    }
    case 'outcomes': {
      const afterPower = readAfterPower(reader)
      reader.end('`outcomes`')
      return { kind: 'outcomes', afterPower }
    }
    case 'run':
      return { kind: 'run', choices: choices(reader) }
    case 'lockstep':
      return reader.fail('a second scene begins before the first one ends: `end` is missing', word)
    default:
      return reader.fail(`\`${begin}\` needs a colon behind it`, word)
  }
}

/** `on btrfs 6.1 +COMMIT -COMMIT`. */
function kernel(reader: Reader): Saying {
  const fsWord = reader.here
  const fs = reader.take('a file system')
  if (!/^[a-z][a-z0-9]{1,15}$/.test(fs)) reader.fail(`\`${fs}\` is no name of a file system`, fsWord)
  const word = reader.here
  const release = reader.take('a release')
  if (!/^v?[1-9]\d?\.(0|[1-9]\d{0,2})(\.[1-9]\d{0,2})?(-rc[1-9]\d?)?$/.test(release))
    reader.fail(`\`${release}\` is no release: 6.1, 6.1.64 or 6.0-rc1`, word)
  const [on, off]: [string[], string[]] = [[], []]
  while (!reader.done) {
    const patch = reader.here
    const match = /^([+-])([a-z0-9][a-z0-9.-]{0,63})$/.exec(reader.take('a patch'))
    if (!match) return reader.fail(`\`${patch?.text}\` is no patch: +COMMIT switches one on, -COMMIT off`, patch)
    const list = match[1] === '+' ? on : off
    if ([...on, ...off].includes(match[2] ?? '')) reader.fail(`the patch \`${match[2]}\` is said twice`, patch)
    list.push(match[2] ?? '')
    if (list.length > PATCHES_MAX) reader.fail(`more than ${PATCHES_MAX} patches: no file system here has as many`, patch)
  }
  return { kind: 'on', fs, release: release.replace(/^v/, ''), on, off }
}

function options(reader: Reader): string[] {
  const found: string[] = []
  do {
    const word = reader.here
    const option = reader.take('an option')
    if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(option)) reader.fail(`\`${option}\` is no option: no-holes, nodatasum`, word)
    if (found.includes(option)) reader.fail(`the option \`${option}\` is said twice`, word)
    found.push(option)
    if (found.length > OPTIONS_MAX) reader.fail(`more than ${OPTIONS_MAX} options`, word)
  } while (!reader.done)
  return found
}

/** The most steps that one choice takes. */
const stepsMax = 9999

function choices(reader: Reader): Choice[] {
  const found: Choice[] = []
  do {
    const word = reader.here
    const text = reader.take('a choice')
    if (found.length >= CHOICES_MAX)
      reader.fail(`more than ${CHOICES_MAX} choices: say \`A until pin_pages\` for many steps of one task`, word)
    const counted = /^([A-Z]|[A-Za-z][a-z]{0,30}[a-z])(\d{1,5})$/.exec(text)
    if (counted) {
      const steps = Number(counted[2])
      if (steps < 1 || steps > stepsMax) reader.fail(`\`${text}\` takes ${steps} steps: 1 to ${stepsMax}`, word)
      found.push({ task: counted[1] ?? '', steps })
      continue
    }
    if (!/^[A-Za-z][a-z]{0,31}$/.test(text))
      reader.fail(`\`${text}\` is no choice: A5 takes five steps of A, \`A until pin_pages\` runs A so far`, word)
    reader.expect('until', `\`${text}\``)
    const until = readLabel(reader)
    const nth = /^\d{1,4}$/.test(reader.peek()) ? Number(reader.take('a number')) : 1
    if (nth < 1) reader.fail('the first time is 1', word)
    found.push({ task: text, until, nth })
  } while (!reader.done)
  return found
}

/** What lines have to do with each other. */
function together(scene: Scene): Problem[] {
  const problems: Problem[] = []
  const complain = (line: number, word: string | null, message: string): void => void problems.push({ line, word, message })
  const last = scene.statements.at(-1)?.line ?? 1
  const kernels = sayings(scene, 'on')
  if (kernels.length === 0) complain(last, null, 'no line says what it runs on: `on btrfs 6.1`')
  for (const { line } of kernels.slice(1)) complain(line, 'on', 'a second `on`: a scene runs on one kernel, the page compares two')
  for (const kind of ['mkfs', 'mount', 'run'] as const)
    for (const { line } of sayings(scene, kind).slice(1)) complain(line, kind, `a second \`${kind}\`: put all into one line`)
  const tasks = tasksOf(scene)
  if (tasks.length === 0) complain(last, null, 'no task does anything: `A: fsync`')
  if (tasks.length > TASKS_MAX) complain(last, null, `${tasks.length} tasks are more than the ${TASKS_MAX} that are searched`)
  const firstTask = scene.statements.find(({ kind }) => kind === 'task')?.line ?? Infinity
  for (const { line } of sayings(scene, 'setup')) if (line > firstTask) complain(line, 'setup:', '`setup:` lines come before the tasks')
  for (const { line, letter } of letters(scene))
    if (!tasks.includes(letter))
      complain(line, letter, `there is no task ${letter}: ${tasks.length === 0 ? 'none' : `there are ${tasks.join(', ')}`}`)
  return problems
}

/** Every task's letter that a line names. */
function letters(scene: Scene): { readonly line: number; readonly letter: Letter }[] {
  return scene.statements.flatMap((one) => {
    const named = ((): readonly Letter[] => {
      if (one.kind === 'task')
        return [
          ...(one.command.of === null ? [] : [one.command.of]),
          ...one.command.model.flatMap((model) => (model.kind === 'same fd' ? [model.as] : [])),
        ]
      if (one.kind === 'claim') return factLetters(one.fact)
      // A spawned task's word begins with its parent's letter, small.
      return one.kind === 'run' ? one.choices.flatMap(({ task }) => (/^[A-Z]$/.test(task) ? [task] : [])) : []
    })()
    return named.map((letter) => ({ line: one.line, letter }))
  })
}

function factLetters({ what, whenDone }: Fact): Letter[] {
  const own = 'task' in what ? ('than' in what ? [what.task, what.than] : [what.task]) : []
  return whenDone === null ? own : [...own, whenDone]
}
