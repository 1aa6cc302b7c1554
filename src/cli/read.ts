/** `read`: what a paste says, as one JSON document. */
import { readPaste } from '../paste/document.ts'
import { parse, printJson, type Command } from './options.ts'
import { oneText } from './text-file.ts'

export const read: Command = {
  takes: '<file>',
  says: 'Reads the layout of a file as a mail has it: filefrag -v, xfs_io fiemap -v, xfs_bmap -vvp, dump-tree, the LOG DUMP of fsx, a table of tasks or numbered steps, quoted, wrapped or encoded. "-" reads the standard input.',
  options: [],
  run: (args) => {
    printJson(readPaste(oneText(parse(read, args).positionals)))
    return Promise.resolve(0)
  },
}
