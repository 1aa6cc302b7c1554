/** The schedule as a strip of letters: a row a task, a column a step. */
import { ascii, fill } from './lines.ts'
import { kernelOf, type Chosen, type Side } from './side.ts'

export function letters({ view }: Side, { width, from, to }: Chosen): string[] {
  const steps = view.steps.slice(from - 1, to)
  if (steps.length === 0) return fill('no step in this part of the run', width)
  const tasks = view.tasks.filter(({ letter }) =>
    steps.some(({ task, blocked }) => task === letter || blocked.some((one) => one.task === letter)),
  )
  const margin = Math.max('step'.length, ...tasks.map(({ letter }) => letter.length)) + 2
  const room = Math.floor((width - margin) / 10) * 10
  const blocks = Array.from({ length: Math.ceil(steps.length / room) }, (_, i) => steps.slice(i * room, (i + 1) * room))
  const wrong = new Set(view.violations.filter(isVerdict(view)).map(({ step }) => step))
  return [
    ...fill(`Which task takes each step, in a model of Linux ${kernelOf(view)}: a letter takes it, - waits for something.`, width),
    ...blocks.flatMap((block) => {
      const row = (name: string, signs: readonly string[]): string => (name.padEnd(margin) + signs.join('')).trimEnd()
      return [
        '',
        row('step', ruler(block.map(({ n }) => n))),
        ...tasks.map(({ letter }) =>
          row(
            letter,
            block.map(({ task, blocked }) =>
              task === letter ? ascii(letter.slice(0, 1)) : blocked.some((one) => one.task === letter) ? '-' : ' ',
            ),
          ),
        ),
        ...(block.some(({ n }) => wrong.has(n))
          ? [
              row(
                '',
                block.map(({ n }) => (wrong.has(n) ? '^' : ' ')),
              ),
            ]
          : []),
      ]
    }),
    ...(steps.some(({ n }) => wrong.has(n)) ? ['', ...fill('^ something is wrong from here on', width)] : []),
    '',
    ...fill(runs(steps.map(({ task }) => task)).join(' '), width),
  ]
}

const isVerdict =
  ({ oracles }: Side['view']) =>
  ({ oracle }: { readonly oracle: string }): boolean =>
    oracles.some(({ id, kind }) => id === oracle && kind === 'verdict')

/** The number of every tenth step, its last digit over that step; dots for the fives. */
function ruler(numbers: readonly number[]): string[] {
  const signs: string[] = numbers.map((n) => (n % 5 === 0 ? '.' : ' '))
  numbers.forEach((n, i) => {
    const text = String(n)
    if (n % 10 === 0 && i + 1 >= text.length) signs.splice(i + 1 - text.length, text.length, ...text)
  })
  return signs
}

/** `A13 ab2 A18`: the same as a list of runs. */
function runs(tasks: readonly string[]): string[] {
  const out: { task: string; count: number }[] = []
  for (const task of tasks) {
    const last = out.at(-1)
    if (last?.task === task) last.count++
    else out.push({ task, count: 1 })
  }
  return out.map(({ task, count }) => `${task}${count}`)
}
