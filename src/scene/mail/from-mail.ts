/**
 * A scene out of whatever a mail has: the scene itself, command lines of a reproducer, an fsx log, a table with a column a task, numbered
 * steps. What says a call is read; what does not is listed by line, and nothing is guessed.
 */
import { InputError } from '../../base/assert.ts'
import { hasFsxLog, readFsx } from '../../paste/fsx.ts'
import { LINE_MAX, shown, type Line } from '../../paste/line.ts'
import { hasSteps, stepTexts } from '../../paste/steps.ts'
import { tableAt, tableSteps } from '../../paste/table.ts'
import { unquote } from '../../paste/unquote.ts'
import { findScene, opensScene } from '../lines.ts'
import { parseScene } from '../parse.ts'
import { printScene } from '../print.ts'
import { STATEMENTS_MAX, TEXT_MAX } from '../scene.ts'
import { arranged } from './arrange.ts'
import type { Draft, Unread } from './draft.ts'
import { kernelIn } from './kernel-in.ts'
import { loggedCall } from './logged.ts'
import { clauses, proseCall } from './prose.ts'
import { checked, freshHand, type Hand } from './said.ts'
import { looksLikeShell } from './shell.ts'

export interface FromMail {
  readonly from: 'scene' | 'commands' | 'fsx' | 'table' | 'steps'
  /** A whole scene, though perhaps with errors if somebody else wrote it. */
  readonly text: string
  /** What was chosen because the mail does not say it. */
  readonly says: readonly string[]
  readonly unread: readonly Unread[]
}

const accepted =
  'paste a scene (`lockstep 1` to `end`), command lines such as xfs_io -c "pwrite 0 4k" foo, calls in C or of strace, a LOG DUMP of fsx, a table with a column for each task, or steps numbered 1), 2)'

/** @throws InputError in one sentence if nothing of the text is a scene or says a call. */
export function sceneFromMail(text: string): FromMail {
  if (text.length > TEXT_MAX) throw new InputError(`the text has ${text.length} characters, more than the ${TEXT_MAX} that are read`)
  const { lines } = unquote(text)
  if (lines.some((line) => opensScene(line.text))) return own(text)
  const { from, draft } = read(lines)
  if (draft.lines.length === 0) throw new InputError(nothing(from, draft.unread, lines))
  return finished(from, draft, lines)
}

function nothing(from: FromMail['from'], unread: readonly Unread[], lines: readonly Line[]): string {
  const [first] = unread
  if (first && from !== 'commands')
    return `line ${first.line}: ${shown(first.text)} is the first of ${unread.length} that were looked at, and none says a call with its bytes: ${accepted}`
  const line = lines.find(({ text }) => text.trim() !== '')
  return line
    ? `line ${line.number}: ${shown(line.text)}: no line of this text says a call: ${accepted}`
    : `line 1: there is no text here: ${accepted}`
}

/** A scene that somebody wrote: in its canonical form if it is whole, with its own lines to be mended if not. */
function own(text: string): FromMail {
  const { scene, problems } = parseScene(text)
  if (problems.length === 0) return { from: 'scene', text: printScene(scene), says: [], unread: [] }
  const { first, last } = findScene(text).span
  const { lines } = unquote(text)
  const inside = lines.slice(first, last + 1).map((line) => line.text.replace(/^[\s>|]+/, '').trimEnd())
  return { from: 'scene', text: `${inside.join('\n')}\n`, says: [], unread: [] }
}

function read(lines: readonly Line[]): { readonly from: FromMail['from']; readonly draft: Draft } {
  if (hasFsxLog(lines)) return { from: 'fsx', draft: logDraft(lines) }
  const shell = lines.some(({ text }) => looksLikeShell(text))
  const table = shell ? -1 : tableAt(lines)
  if (table >= 0) {
    const { tasks, steps } = tableSteps(lines, table, new Set())
    if (steps.length > 0)
      return {
        from: 'table',
        draft: spoken(
          steps.map((step) => ({ task: tasks[step.task] ?? '', text: step.text, line: step.line })),
          tasks,
        ),
      }
  }
  if (!shell && hasSteps(lines)) {
    const steps = stepTexts(lines, new Set()).map(({ text, line, task }) => ({ task: task ?? '', text, line }))
    return {
      from: 'steps',
      draft: spoken(
        steps,
        [...new Set(steps.map(({ task }) => task))].filter((one) => one !== ''),
      ),
    }
  }
  return { from: 'commands', draft: arranged(lines) }
}

/** What a table or numbered steps say, task by task. */
function spoken(
  steps: readonly { readonly task: string; readonly text: string; readonly line: number }[],
  tasks: readonly string[],
): Draft {
  const letters = lettersOf(tasks)
  const hands = new Map<string, Hand>()
  const lines: string[] = []
  const unread: Unread[] = []
  for (const { task, text, line } of steps) {
    const letter = letters.get(task) ?? (tasks.length === 0 ? 'A' : null)
    // A call in C has commas and stops of its own.
    for (const clause of /^[\w\s=]*\(.*\)[;\s]*$/.test(text) ? [text] : clauses(text.slice(0, LINE_MAX))) {
      if (letter === null) {
        unread.push({ line, text: clause, why: 'it names no task' })
        continue
      }
      const { said: found, hand } = proseCall(clause, hands.get(letter) ?? freshHand)
      const said = checked(found)
      hands.set(letter, hand)
      if ('why' in said) unread.push({ line, text: clause, why: said.why })
      else lines.push(...said.commands.map((command) => `${letter}: ${command}`))
    }
  }
  const renamed = [...letters].filter(([name, letter]) => name !== letter && name.toLowerCase() !== `task ${letter.toLowerCase()}`)
  return {
    lines,
    unread,
    says: [
      ...renamed.map(([name, letter]) => `${name} is task ${letter}`),
      'nothing says what the file is at the start, so it is empty: `setup:` lines fill it',
    ],
  }
}

/** A letter each: its own if it has one, else the next that is free. */
function lettersOf(tasks: readonly string[]): Map<string, string> {
  const own = new Map(
    tasks.flatMap(
      (name) =>
        /(?:^|\s)([A-Z])$/
          .exec(name)
          ?.slice(1, 2)
          .map((letter) => [name, letter] as const) ?? [],
    ),
  )
  const taken = new Set(own.values())
  const free = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter((letter) => !taken.has(letter))
  return new Map(tasks.map((name) => [name, own.get(name) ?? free.shift() ?? 'Z']))
}

function logDraft(lines: readonly Line[]): Draft {
  const { operations, problems } = readFsx(lines, new Set())
  const found = operations.map((one) => ({ one, said: checked(loggedCall(one)) }))
  const unread = found.flatMap(({ one, said }): Unread[] =>
    'why' in said ? [{ line: 1, text: `operation ${one.n}, ${one.op}`, why: said.why }] : [],
  )
  return {
    lines: found.flatMap(({ said }) => ('commands' in said ? said.commands.map((command) => `A: ${command}`) : [])),
    unread: [
      ...unread,
      ...problems.map((why) => ({
        line: Number(/^line (\d+)/.exec(why)?.[1] ?? 1),
        text: 'an operation',
        why: why.replace(/^line \d+: /, ''),
      })),
    ],
    says: ['each operation writes a byte that is its number'],
  }
}

/** No text of others' lines may say more than a comment does. */
const asComment = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]/g, '?')
    .replaceAll('=', ':')
    .replace(/\s+/g, ' ')
    .trim()
/** More than these are counted and not told in the text. */
const TOLD_MAX = 8

function finished(from: FromMail['from'], { lines, says, unread }: Draft, mail: readonly Line[]): FromMail {
  const kernel = kernelIn(mail)
  const all = [...says, ...kernel.says]
  if (lines.length > STATEMENTS_MAX) throw tooLong(from, lines.length)
  const notes = [
    ...all.map((one) => `; ${asComment(one)}`),
    ...unread.slice(0, TOLD_MAX).map(({ line, text }) => `; not read, line ${line}: ${asComment(shown(text))}`),
    ...(unread.length > TOLD_MAX ? [`; and ${unread.length - TOLD_MAX} more that were not read`] : []),
  ]
  if (lines.length + notes.length + 2 > STATEMENTS_MAX) throw tooLong(from, lines.length)
  const body = withoutLastOpen(lines)
  const text = ['lockstep 1 from-mail', ...notes, `on ${kernel.fs} ${kernel.release}`, ...body, 'outcomes', 'end'].join('\n')
  const { scene, problems } = parseScene(text)
  // What cannot stand together is mended by who reads it: the errors say where.
  return { from, text: problems.length === 0 || scene.statements.length > body.length ? printScene(scene) : `${text}\n`, says: all, unread }
}

/** How the file is open once somebody has made his last call is nothing to see. */
const withoutLastOpen = (lines: readonly string[]): string[] =>
  lines.filter(
    (line, i) =>
      !/^(setup|[A-Z]): (open|close)$/.test(line) ||
      lines.slice(i + 1).some((other) => other.startsWith(line.replace(/ .*/, ' ')) && !/ (open|close)$/.test(other)),
  )

const tooLong = (from: FromMail['from'], length: number): InputError =>
  new InputError(
    `this makes ${length} lines, too many for the ${STATEMENTS_MAX} of a scene: ${from === 'fsx' ? '“Paste a listing” runs a whole log; for a scene, paste its end behind the LOG DUMP line' : 'paste the part that matters'}`,
  )
