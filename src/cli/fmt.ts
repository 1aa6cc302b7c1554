/** `fmt`: a scene in its canonical form. */
import { printScene } from '../scene/print.ts'
import { parse, print, type Command } from './options.ts'
import { oneScene, sceneOf } from './scene-file.ts'

export const fmt: Command = {
  takes: '<file|scenario>',
  says: 'Prints a scene in its canonical form, taken out of the mail around it: at most 72 columns, comments kept. "-" reads the standard input.',
  options: [],
  run: async (args) => {
    print(printScene(await sceneOf(oneScene(parse(fmt, args).positionals))).trimEnd())
    return 0
  },
}
