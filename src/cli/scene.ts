/** `scene`: a scene out of whatever a mail has. */
import { sceneFromMail } from '../scene/mail/from-mail.ts'
import { parse, print, printJson, type Command } from './options.ts'
import { oneText } from './text-file.ts'

export const scene: Command = {
  takes: '<file>',
  says: 'Writes a scene out of what a mail has: a scene in it, xfs_io command lines, calls in C or of strace, the LOG DUMP of fsx, a table of tasks, numbered steps. What says no call stands in the scene as a comment, and nothing is guessed. "-" reads the standard input.',
  options: ['json'],
  run: (args) => {
    const { values, positionals } = parse(scene, args)
    const found = sceneFromMail(oneText(positionals))
    if (values.json) printJson(found)
    else print(found.text.trimEnd())
    return Promise.resolve(0)
  },
}
