/** `fmt`: a scene in its canonical form. */
import { printScene } from '../scene/print.ts'
import { parse, print, type Command } from './options.ts'
import { oneFile, sceneOf } from './scene-file.ts'

export const fmt: Command = {
  takes: '<file>',
  says: 'Prints a scene in its canonical form, taken out of the mail around it: at most 72 columns, comments kept. "-" reads the standard input.',
  options: [],
  run: (args) => {
    print(printScene(sceneOf(oneFile(parse(fmt, args).positionals))).trimEnd())
    return Promise.resolve(0)
  },
}
