/** `repro`: a scene as a program for a real kernel. */
import { InputError } from '../base/assert.ts'
import { fstest, type Fixed } from '../repro/fstests.ts'
import { reproducer } from '../repro/program.ts'
import { needsProgram, shellScript } from '../repro/shell.ts'
import { loadScenario, scenarioIds } from '../scenarios/registry.ts'
import type { Scene } from '../scene/scene.ts'
import { parse, print, type Command } from './options.ts'
import { oneScene, sceneOf } from './scene-file.ts'

export const repro: Command = {
  takes: '<file|scenario>',
  says: 'Prints a C program of one file that asks a real kernel what the scene asks of the model: it stages, runs the tasks in threads, looks, and counts the facts. Builds with cc -O2 -pthread. "-" reads the standard input.',
  options: ['shell', 'fstests'],
  run: async (args) => {
    const { values, positionals } = parse(repro, args)
    const name = oneScene(positionals)
    const scene = await sceneOf(name)
    if (values.shell && values.fstests) throw new InputError('--shell and --fstests are two forms of one thing: leave one of them out')
    print((values.fstests ? fstest(scene, await fixOf(name)) : values.shell ? inShell(scene) : reproducer(scene)).trimEnd())
    return 0
  },
}

function inShell(scene: Scene): string {
  const why = needsProgram(scene)
  if (why !== null) throw new InputError(`a script is not enough: ${why}; leave --shell out for a program in C`)
  return shellScript(scene)
}

/** The commit that mends a scenario; null = a scene of one's own, or mended by nothing that upstream has. */
async function fixOf(name: string): Promise<Fixed | null> {
  if (!(scenarioIds as readonly string[]).includes(name)) return null
  const { card } = await loadScenario(name)
  const commit = card.commits.find(({ id }) => id === card.fix)
  return commit ? { commit: commit.id, subject: commit.subject } : null
}
