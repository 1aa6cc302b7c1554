/** `repro`: a scene as a program for a real kernel. */
import { reproducer } from '../repro/program.ts'
import { parse, print, type Command } from './options.ts'
import { oneFile, sceneOf } from './scene-file.ts'

export const repro: Command = {
  takes: '<file>',
  says: 'Prints a C program of one file that asks a real kernel what the scene asks of the model: it stages, runs the tasks in threads, looks, and counts the facts. Builds with cc -O2 -pthread. "-" reads the standard input.',
  options: [],
  run: (args) => {
    print(reproducer(sceneOf(oneFile(parse(repro, args).positionals))).trimEnd())
    return Promise.resolve(0)
  },
}
