/** `read`: what a paste says, as one JSON document. */
import { InputError } from '../base/assert.ts'
import { readPaste } from '../paste/document.ts'
import { parse, printJson, type Command } from './options.ts'
import { textOf } from './text-file.ts'

export const read: Command = {
  takes: '<file>',
  says: 'Reads the layout of a file as a mail has it: filefrag -v, xfs_io fiemap -v, xfs_bmap -vvp, dump-tree, the LOG DUMP of fsx, a table of tasks or numbered steps, quoted, wrapped or encoded. "-" reads the standard input.',
  options: [],
  run: readFileOrInput,
}

function readFileOrInput(args: readonly string[]): Promise<number> {
  const [file, extra] = parse(read, args).positionals
  if (file === undefined) throw new InputError('which text? Name a file, or "-" for the standard input')
  if (extra !== undefined) throw new InputError(`one text at a time: leave "${extra}" out`)
  printJson(readPaste(textOf(file)))
  return Promise.resolve(0)
}
