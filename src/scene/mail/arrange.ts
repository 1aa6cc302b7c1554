/**
 * Command lines as a setup and tasks. A script does one thing after the other: what it has synced or remounted is the setup, what comes after
 * that is task A. What it starts with `&` is a task of its own, and then everything before the first of them is the setup.
 */
import { LINE_MAX, type Line } from '../../paste/line.ts'
import type { Draft, Unread } from './draft.ts'
import { complaint, freshHand, type Hand } from './said.ts'
import { isTool, looksLikeShell, shellCalls, type ShellCall } from './shell.ts'

interface At extends ShellCall {
  readonly line: number
  readonly text: string
}

export function arranged(lines: readonly Line[]): Draft {
  const calls = callsIn(joined(lines))
  const file = calls.find(({ said, path }) => path !== null && 'commands' in said && said.commands.length > 0)?.path ?? null
  const unread: Unread[] = []
  const mine = calls.flatMap((one): At[] => {
    if ('why' in one.said) {
      unread.push({ line: one.line, text: one.text, why: one.said.why })
      return []
    }
    if (one.kind !== 'call' || one.path === null || file === null || one.path === file) return [one]
    unread.push({ line: one.line, text: one.text, why: `it is of another file than ${file}: a scene has one` })
    return []
  })
  return { ...placed(mine, unread), unread: unread.sort((a, b) => a.line - b.line) }
}

/** Lines that a backslash continues are one. */
function joined(lines: readonly Line[]): Line[] {
  const out: { text: string; number: number }[] = []
  let open = false
  for (const { text, number } of lines) {
    const last = out.at(-1)
    if (open && last && last.text.length < LINE_MAX) last.text += ` ${text.trim()}`
    else out.push({ text, number })
    open = /\\\s*$/.test(text)
    const now = out.at(-1)
    if (open && now) now.text = now.text.replace(/\\\s*$/, '')
  }
  return out
}

/** Every command; lines of prose around them are none. */
function callsIn(lines: readonly Line[]): At[] {
  let hand: Hand = freshHand
  const found = lines.flatMap(({ text, number }): At[] => {
    const { calls, hand: next } = shellCalls(text, hand)
    hand = next
    return calls.map((one) => ({ ...one, line: number, text: text.trim() }))
  })
  const isRead = (one: At): boolean => 'commands' in one.said && one.said.commands.length > 0
  const [first, last] = [found.findIndex(isRead), found.findLastIndex(isRead)]
  if (first < 0) return []
  // What stands among the commands is listed if it is none; of what stands before and behind only what a shell would take.
  return found.filter(
    (one, i) =>
      !('why' in one.said) ||
      (i > first && i < last) ||
      looksLikeShell(one.text) ||
      (isTool(one.text) && i > first - NEAR && i < last + NEAR),
  )
}

const NEAR = 3

function placed(calls: readonly At[], unread: Unread[]): Omit<Draft, 'unread'> {
  const behind = calls.findIndex((one) => one.behind)
  const settled = behind >= 0 ? behind : calls.findLastIndex(({ kind }) => kind === 'all' || kind === 'remount') + 1
  const worth = (from: number): boolean => calls.slice(from).some((one) => one.kind === 'call')
  // A script that syncs at its very end has nothing left for a task.
  const setupTo = worth(settled) ? settled : 0
  const [options, setup, tasks]: [string[], string[], string[]] = [[], [], []]
  let power = false
  let waited = false
  let next = 0
  calls.forEach((one, i) => {
    const commands = 'commands' in one.said ? one.said.commands : []
    const leave = (why: string): void => void (commands.length > 0 && unread.push({ line: one.line, text: one.text, why }))
    if (one.kind === 'power') power = true
    else if (one.kind === 'wait') waited = true
    else if (one.kind === 'mkfs' || one.kind === 'mount') options.push(...commands.filter((word) => !options.includes(word)))
    else if (i < setupTo) {
      if (one.kind !== 'remount' || setup.length > 0) setup.push(...commands.map((command) => `setup: ${command}`))
    } else if (power) leave('it comes after the power failure, which ends a scene')
    else if (waited) leave('it comes after all tasks are done, when a scene is over: say what the file is then as a fact')
    else if (one.kind === 'remount') leave('`remount` stands only in the setup')
    else {
      const letter = behind < 0 ? 'A' : one.behind ? letterOf(++next) : letterOf(0)
      for (const command of commands) {
        if (complaint(command, 'task') === null) tasks.push(`${letter}: ${command}`)
        else leave('it stands only in the setup')
      }
    }
  })
  const used = [...new Set(tasks.map((line) => line[0] ?? ''))].sort()
  const rename = (line: string): string => `${letterOf(used.indexOf(line[0] ?? ''))}${line.slice(1)}`
  const first =
    behind >= 0
      ? 'what the script does before its first & is the setup'
      : 'what the script had synced is the setup, what it does then is task A'
  const says = setup.length > 0 ? [first] : []
  if (tasks.length === 0) return { lines: [], says }
  return {
    lines: [
      ...options,
      ...setup,
      ...tasks.map(rename).sort((a, b) => (a[0] === b[0] ? 0 : a < b ? -1 : 1)),
      ...(power ? ['may power'] : []),
    ],
    says,
  }
}

/** The shell's own calls come first: A, and what it starts B, C, ... */
const letterOf = (n: number): string => [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'][n] ?? 'Z'
