/** A scene as a shell script, where xfs_io suffices: a process a task, started together. Whatever needs memory of its own kind is C's. */
import { printFact } from '../scene/fact.ts'
import { printScene } from '../scene/print.ts'
import { sayings, tasksOf, type Command, type Fact, type Letter, type Range, type Scene, type Stamp } from '../scene/scene.ts'

const byteOf = (stamp: Stamp): number => (stamp.startsWith('0x') ? Number(stamp) : stamp.charCodeAt(0))
const hex = (stamp: Stamp): string => `0x${byteOf(stamp).toString(16).padStart(2, '0')}`
/** As `tr` takes it. */
const octal = (stamp: Stamp): string => `\\${byteOf(stamp).toString(8).padStart(3, '0')}`

/** Why a script cannot do it, in words; null = it can. */
export function needsProgram(scene: Scene): string | null {
  for (const { command } of sayings(scene, 'task')) {
    if (command.model.length > 0) return `what stands behind \`--\` of \`${command.name}\` is no word of xfs_io`
    if (command.name === 'memset') return 'xfs_io does not store to the memory of another process'
  }
  return null
}

/** The command as xfs_io has it. @param task null = the setup's. */
function xfsIo({ name, flags, stamp, block, numbers }: Command, task: Letter | null): string | null {
  const [offset = 0, length = 0] = numbers
  const options = flags === '' ? '' : ` -${flags}`
  const fill = stamp === null ? (task === null ? '0xcd' : hex(task)) : hex(stamp)
  switch (name) {
    case 'pwrite':
      // xfs_io writes blocks of 4k unless it is told otherwise.
      return `pwrite -q -S ${fill} -b ${block ?? length} ${offset} ${length}`
    case 'pread':
      return `pread -q -b ${block ?? length} ${offset} ${length}`
    case 'mwrite':
      return `mwrite -S ${fill} ${offset} ${length}`
    case 'mread':
      return `mread ${offset} ${length}`
    case 'mmap':
      return `mmap${options === '' ? ' -rw' : options} ${offset} ${length}`
    case 'msync':
      return numbers.length > 0 ? `msync -s ${offset} ${length}` : 'msync -s'
    case 'truncate':
      return `truncate ${offset}`
    case 'sync_range':
      return `sync_range -w${flags.includes('a') ? ' -a' : ''}${flags.includes('b') ? ' -b' : ''} ${offset} ${length}`
    case 'falloc':
    case 'fpunch':
    case 'fzero':
      return `${name}${options} ${offset} ${length}`
    case 'open':
      return `open${options} $file`
    case 'remount':
      // Nobody but root can; a cold cache is what it is for.
      return 'fadvise -d 0 0'
    case 'memset':
      return null
    default:
      return name
  }
}

const asArgs = (commands: readonly Command[], task: Letter | null): string =>
  commands.flatMap((one) => (xfsIo(one, task) === null ? [] : [` -c "${xfsIo(one, task)}"`])).join('')

/** One process: its first `open` is how it opens the file. */
function processOf(commands: readonly Command[], task: Letter | null): string {
  const [first, ...rest] = commands
  const flags = first?.name === 'open' && first.flags !== '' ? ` -${first.flags}` : ''
  return `xfs_io${task === null ? ' -f' : ''}${flags}${asArgs(first?.name === 'open' ? rest : commands, task)} "$file"`
}

const bytes = ({ from, to }: Range): string => `${from} ${to - from}`

/** A condition of the shell; null = a script cannot see it. */
function condition({ afterPower, what }: Fact, all: boolean): string | null {
  if (afterPower) return null
  const how = all ? 'all' : 'any'
  switch (what.kind) {
    case 'size':
      return `[ "$(stat -c %s "$file")" -eq ${what.size} ]`
    case 'zeros':
      return `bytes_${how} ${bytes(what.range)} '\\000'`
    case 'data':
      return what.stamp === null ? null : `bytes_${how} ${bytes(what.range)} '${octal(what.stamp)}'`
    case 'abort':
      return `findmnt -no OPTIONS -T "$file" | grep -q '\\(^\\|,\\)ro\\(,\\|$\\)'`
    case 'hole':
      return `hole_${how} ${what.range.from} ${what.range.to}`
    default:
      return null
  }
}

const functions = `part() { tail -c +$(($1 + 1)) "$file" | head -c "$2"; }
# Are all of these bytes like this, or is any of them?
bytes_all() { [ "$(part "$1" "$2" | wc -c)" -eq "$2" ] && [ "$(part "$1" "$2" | tr -d "$3" | wc -c)" -eq 0 ]; }
bytes_any() { [ "$(part "$1" "$2" | tr -d "$3" | wc -c)" -lt "$(part "$1" "$2" | wc -c)" ]; }
next() { xfs_io -r -c "seek -$1 $2" "$file" | awk 'END { print $2 == "EOF" ? 9223372036854775807 : $2 }'; }
hole_any() { size=$(stat -c %s "$file"); at=$(next h "$1"); [ "$at" -lt "$2" ] && [ "$at" -lt "$size" ]; }
hole_all() { [ "$(next d "$1")" -ge "$2" ] && [ "$(stat -c %s "$file")" -ge "$2" ]; }`

/** The whole script, ending with a newline; for a scene of which \`needsProgram()\` says null. */
export function shellScript(scene: Scene): string {
  const setup = sayings(scene, 'setup').map(({ command }) => command)
  const tasks = tasksOf(scene).map((task) => ({
    task,
    commands: sayings(scene, 'task').flatMap((one) => (one.task === task ? [one.command] : [])),
  }))
  const events = sayings(scene, 'may').flatMap(({ event, range }) => {
    const part = range ? bytes(range) : '0 0'
    if (event === 'writeback') return [`sync_range -w ${part}`]
    if (event === 'reclaim') return [`fadvise -d ${part}`]
    return event === 'commit' ? ['syncfs'] : []
  })
  const facts = sayings(scene, 'claim').map(({ claim, fact }, i) => ({
    claim,
    name: `held${i}`,
    text: `${claim} ${printFact(fact)}`,
    test: condition(fact, claim === 'always'),
  }))
  const seen = facts.filter(({ test }) => test !== null)
  return `${[
    '#!/bin/bash',
    '# Asks a real kernel what this scene asks of the model (Lockstep):',
    '#',
    ...printScene(scene)
      .trimEnd()
      .split('\n')
      .map((line) => `#   ${line}`),
    '#',
    '#   bash repro.sh [-n rounds] [directory]',
    '# Exit status: 0 nothing was seen to be broken, 1 something was, 2 it could not run.',
    'rounds=100',
    'while getopts n: option; do',
    '\tcase $option in',
    '\tn) rounds=$OPTARG ;;',
    '\t*) exit 2 ;;',
    '\tesac',
    'done',
    'shift $((OPTIND - 1))',
    'file=${1:-.}/lockstep-$$',
    'trap \'rm -f "$file"\' EXIT',
    '',
    functions,
    '',
    ...seen.map(({ name }) => `${name}=0`),
    'for ((round = 0; round < rounds; round++)); do',
    '\trm -f "$file"',
    `\t${processOf(setup, null)} > /dev/null || exit 2`,
    ...tasks.map(({ task, commands }) => `\t${processOf(commands, task)} > /dev/null &`),
    ...events.map((one) => `\t[ $((RANDOM % 2)) -eq 0 ] && xfs_io -c "${one}" "$file" > /dev/null &`),
    '\twait',
    ...seen.map(({ name, test }) => `\t${test} && ${name}=$((${name} + 1))`),
    'done',
    '',
    'broken=0',
    ...facts.flatMap(({ claim, name, text, test }) => {
      if (test === null) return [`echo "  not seen by a script  ${text}"`]
      if (claim === 'sometimes') return [`echo "  so in $${name} of $rounds rounds: ${text}"`]
      return [
        `if [ $${name} ${claim === 'never' ? '-gt 0' : '-lt $rounds'} ]; then word=BROKEN broken=1; else word=holds; fi`,
        `echo "  $word ${text} (so in $${name} of $rounds rounds)"`,
      ]
    }),
    'exit $broken',
  ].join('\n')}\n`
}
