/** A scene's text with one line of it changed, and all others as they were typed. */
import { parseScene } from '../../scene/parse.ts'
import { printScene, printStatement } from '../../scene/print.ts'
import type { Choice, Saying, Scene, Statement } from '../../scene/scene.ts'
import type { Side } from '../place/place.ts'

/** The text for another kernel: `shipped` are the patches that its release has of itself. */
export function withKernel(text: string, { kernel, toggles }: Side, shipped: readonly string[]): string {
  const { scene } = parseScene(text)
  const old = scene.statements.find((one) => one.kind === 'on')
  if (!old) return text
  const on = toggles.filter((id) => !shipped.includes(id))
  const off = toggles.filter((id) => shipped.includes(id))
  return replaced(text, scene, old, { ...old, release: kernel, on, off })
}

/** The text that opens at this schedule: choices such as `A5B2`. */
export function withRun(text: string, schedule: string): string {
  const { scene } = parseScene(text)
  const choices = [...schedule.matchAll(/([A-Z]|[a-z]+)(\d+)/g)].map(([, task = '', steps = '']): Choice => ({
    task,
    steps: Number(steps),
  }))
  if (choices.length === 0) return text
  const old = scene.statements.find((one) => one.kind === 'run')
  return replaced(text, scene, old ?? null, { ...(old ?? { comment: null, line: 0 }), kind: 'run', choices })
}

/** Do both texts have the same runs? What they claim and how they are called makes none; the kernel, which a place names too, is not looked at. */
export function sameRuns(one: string, other: string): boolean {
  const silent = new Set<Statement['kind']>(['claim', 'outcomes', 'comment', 'on'])
  const [left, right] = [one, other].map((text) =>
    printScene({
      name: null,
      statements: parseScene(text).scene.statements.flatMap((said) => (silent.has(said.kind) ? [] : [{ ...said, comment: null }])),
    }),
  )
  return left === right
}

/** `old`: null = the statement is new, and stands before `end`. */
function replaced(text: string, { statements }: Scene, old: Statement | null, now: Saying & Pick<Statement, 'line' | 'comment'>): string {
  const lines = text.split('\n')
  const end = lines.findLastIndex((line) => /^[\s>|]*end\s*(;.*)?$/.test(line))
  const [from, next] = old
    ? [old.line - 1, (statements.find(({ line }) => line > old.line)?.line ?? (end < 0 ? lines.length : end) + 1) - 1]
    : [end < 0 ? lines.length : end, end < 0 ? lines.length : end]
  // Blank lines behind the statement stay.
  let to = next
  while (to > from + 1 && lines[to - 1]?.trim() === '') to--
  return [...lines.slice(0, from), ...printStatement(now as Statement), ...lines.slice(to)].join('\n')
}
