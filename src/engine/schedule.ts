/** A schedule is which task took each step, written as runs: `A5B2A1`, `A22a1aw2B3`. */
import { InputError } from '../base/assert.ts'
import type { Letter } from './view.ts'

/** `['A','A','B']` as `A2B1`; the empty schedule is the empty text. */
export function printSchedule(tasks: readonly Letter[]): string {
  let out = ''
  for (let i = 0; i < tasks.length;) {
    let n = 1
    while (tasks[i + n] === tasks[i]) n++
    out += `${tasks[i]}${n}`
    i += n
  }
  return out
}

/** The most steps a schedule may have; longer text is refused. */
export const stepsMax = 2000

/** Parses `A5B2A1`. @throws InputError naming what cannot be read. */
export function parseSchedule(text: string): Letter[] {
  if (!/^(([A-Z]|[a-z]+)[0-9]+)*$/.test(text))
    throw new InputError(
      `the schedule "${text}" cannot be read: write a task's letter and a number of steps, again and again, such as A5B2A1`,
    )
  const out: Letter[] = []
  for (const [, letter = '', count = ''] of text.matchAll(/([A-Z]|[a-z]+)([0-9]+)/g)) {
    const n = Number(count)
    if (n === 0) throw new InputError(`the schedule "${text}" gives ${letter} no step: leave ${letter}0 out`)
    if (out.length + n > stepsMax) throw new InputError(`the schedule "${text.slice(0, 40)}" is longer than ${stepsMax} steps; shorten it`)
    for (let i = 0; i < n; i++) out.push(letter)
  }
  return out
}
