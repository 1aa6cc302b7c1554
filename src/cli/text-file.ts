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
