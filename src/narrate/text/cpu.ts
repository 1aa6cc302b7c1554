/**
 * A table with a column for each CPU, as race fixes have it: time runs down, a function stands over what is done in it, two columns
 * further in for each call. What waits and what is wrong stands where it comes to be.
 */
import type { ShownStep } from '../../worker/protocol.ts'
import { beside, fill } from './lines.ts'
import { ending } from './steps.ts'
import { functionOf, goesWrong, kernelOf, toldOf, whoIsWho, type Chosen, type Side, type Told } from './side.ts'

interface Column {
  readonly title: string
  readonly tasks: readonly string[]
}

/** What one task does without another one in between. */
interface Cell {
  readonly column: number
  readonly task: string
  readonly told: readonly Told[]
}

const GAP = 2
/** A third column has to be at least so wide. */
const NARROW = 24

export function cpu(side: Side, chosen: Chosen): string[] {
  const { width } = chosen
  const told = toldOf(side, chosen)
  if (told.length === 0) return fill('no step in this part of the run', width)
  const columns = columnsOf(side, told)
  // Where a third column has no room, its cells go below the table, and a number stands where they were.
  const dropped =
    columns.length === 3 && Math.floor((width - 2 * GAP) / 3) < Math.max(NARROW, ...told.map(({ step }) => functionOf(step)?.length ?? 0))
  const shown = dropped ? columns.slice(0, 2) : columns
  const size = Math.floor((width - GAP * (shown.length - 1)) / shown.length)
  const at = (column: number): number => column * (size + GAP)
  const below: string[][] = []
  const body = cellsOf(told, columns).flatMap((cell) => {
    const folded = (columns[cell.column]?.tasks.length ?? 1) > 1
    const lines = linesOf(cell, folded, dropped && cell.column === 2 ? width - 6 : size)
    const results = cell.told.flatMap(({ wrong }) => wrong.flatMap((text) => fill(text, width, '--> ', '    ')))
    const waits = cell.told
      .flatMap((one) => one.waits.filter(({ says }) => !one.wrong.includes(says)))
      .map(({ task, says }) => {
        const column = columns.findIndex(({ tasks }) => tasks.includes(task))
        return beside([{ at: at(Math.min(Math.max(column, 0), shown.length - 1)), lines: fill(says, size, '', '  ') }])
      })
    if (!dropped || cell.column < 2) return ['', ...beside([{ at: at(cell.column), lines }]), ...waits.flat(), ...results]
    below.push(lines)
    return ['', ...beside([{ at: at(1), lines: [`(${below.length})`] }]), ...waits.flat(), ...results]
  })
  return [
    ...fill(`${goesWrong(side, chosen) ? 'How it happens' : 'What happens'}, in a model of Linux ${kernelOf(side.view)}:`, width),
    '',
    ...whoIsWho(side, told, ending(side, chosen)).flatMap((who) => fill(who, width, '   ', '     ')),
    '',
    ...beside(shown.map(({ title }, i) => ({ at: at(i), lines: fill(title, size) }))),
    ...body,
    ...(below.length > 0 ? ['', ...fill(`${columns[2]?.title}:`, width)] : []),
    ...below.flatMap((lines, i) => [
      '',
      ...beside([
        { at: 0, lines: [`(${i + 1})`] },
        { at: 6, lines },
      ]),
    ]),
    ...ending(side, chosen),
  ]
}

/** Up to three tasks have a column each; of more, the first two calls do, and the others share the third. */
function columnsOf({ view }: Side, told: readonly Told[]): Column[] {
  const all = view.tasks.filter(({ letter }) =>
    told.some(({ step, waits }) => step.task === letter || waits.some(({ task }) => task === letter)),
  )
  const declared = all.filter(({ parent }) => parent === null)
  const own = all.length <= 3 ? all : declared.slice(0, 2)
  const rest = all.filter((task) => !own.includes(task))
  return [
    ...own.map(({ letter }, i) => ({ title: `CPU ${i + 1} (${letter})`, tasks: [letter] })),
    ...(rest.length > 0
      ? [{ title: `CPU ${own.length + 1} (${rest.map(({ letter }) => letter).join(', ')})`, tasks: rest.map(({ letter }) => letter) }]
      : []),
  ]
}

function cellsOf(told: readonly Told[], columns: readonly Column[]): Cell[] {
  const cells: Cell[] = []
  for (const one of told) {
    const { task } = one.step
    const last = cells.at(-1)
    // Results stand behind the moment that has them.
    if (last?.task === task && last.told.at(-1)?.wrong.length === 0) cells.splice(-1, 1, { ...last, told: [...last.told, one] })
    else cells.push({ column: columns.findIndex(({ tasks }) => tasks.includes(task)), task, told: [one] })
  }
  return cells
}

/** In the step's own words: the function that it is in stands above it. */
function linesOf({ task, told }: Cell, folded: boolean, size: number): string[] {
  const top = Math.min(...told.map(({ step }) => step.depth))
  const lines: string[] = folded ? [`${task}:`] : []
  let inside: string | null = null
  for (const { step } of told) {
    const depth = indentOf(step, top, size)
    const fn = functionOf(step)
    if (fn !== null && fn !== inside) lines.push(...fill(fn, size, ' '.repeat(Math.min(depth, Math.max(0, size - fn.length)))))
    inside = fn
    const indent = ' '.repeat(fn === null ? depth : depth + 2)
    lines.push(...fill(under(step.says, fn), size, indent, `${indent}  `))
  }
  return lines
}

/** A sentence under the function that it speaks of need not name it once more. */
const under = (says: string, fn: string | null): string =>
  fn !== null && says.startsWith(fn) ? says.slice(fn.length).replace(/^:? /, '') : says

/** Two columns for each call, as long as there is room for words. */
const indentOf = ({ depth }: ShownStep, top: number, size: number): number =>
  Math.min(2 * (depth - top), Math.max(0, Math.floor((size - 20) / 2)))
