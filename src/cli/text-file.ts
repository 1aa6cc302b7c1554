/** A text that a command is given. */
import { readFileSync } from 'node:fs'
import { InputError } from '../base/assert.ts'

/** The text of a file, or of the standard input for `-`. @throws InputError if it cannot be read. */
export function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new InputError(`"${file}" cannot be read (${error instanceof Error ? error.message : String(error)}): name a file of text`)
  }
}

/** The text of the one file that is named. @throws InputError if none or several are. */
export function oneText([file, extra]: readonly string[]): string {
  if (file === undefined) throw new InputError('which text? Name a file, or "-" for the standard input')
  if (extra !== undefined) throw new InputError(`one text at a time: leave "${extra}" out`)
  return textOf(file)
}
