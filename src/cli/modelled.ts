/** `modelled`: what of the language the model of each file system can do. */
import { InputError } from '../base/assert.ts'
import { modelled as tables } from '../own/modelled.ts'
import type { Modelled } from '../own/table.ts'
import { commandForms, commandNames } from '../scene/words.ts'
import { parse, print, printJson, type Command } from './options.ts'

export const modelled: Command = {
  takes: '',
  says: 'Prints what of the language of own scenes the model of each file system can do, and why not where it cannot.',
  options: ['json'],
  run: (args) => {
    const { values, positionals } = parse(modelled, args)
    if (positionals[0] !== undefined) throw new InputError(`modelled takes no name: leave "${positionals[0]}" out`)
    if (values.json) printJson(tables)
    else for (const table of tables) print(told(table))
    return Promise.resolve(0)
  },
}

const row = (name: string, why: string | null, says = ''): string =>
  `  ${why === null ? 'yes' : 'no '}  ${name.padEnd(12)} ${why ?? says}`.trimEnd()

const told = (table: Modelled): string =>
  [
    table.fs,
    ...commandNames.map((name) => row(name, table.commands[name], table.setupOnly?.[name] ?? commandForms[name].says)),
    ...(table.direct === undefined ? [] : [row('open -d', table.direct)]),
    ...Object.entries(table.models).map(([name, why]) => row(`-- ${name}`, why)),
    ...Object.entries(table.events).map(([name, why]) => row(`may ${name}`, why)),
    ...Object.entries(table.facts).map(([name, why]) => row(`fact ${name}`, why)),
    `  mkfs ${table.mkfs.join(' ')}; mount ${table.mount.join(' ')}`,
  ].join('\n')
