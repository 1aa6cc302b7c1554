/** `text`: a run as text for a mail. */
import { InputError } from '../base/assert.ts'
import { maxStatesDefault } from '../engine/search.ts'
import { genres, widths, WIDTH, type Genre, type Level } from '../narrate/text/wanted.ts'
import { patchNamed, stage, type Staged } from '../scenarios/run.ts'
import { textView, type TextSide } from '../worker/text-view.ts'
import { count, parse, print, printJson, runOptions, stageOptions, type Command, type Options } from './options.ts'
import { scheduleOf } from './run.ts'

export const text: Command = {
  takes: '<scenario>',
  says: 'Prints a run as text for a mail: ASCII, no line wider than asked, in the forms that kernel people write by hand.',
  options: [...runOptions, 'schedule', 'genre', 'width', 'level', 'from', 'to', 'compare', 'max-states', 'json'],
  own: {
    genre: ['G', `${genres.join(', ')}; the default is page, all that a reader without scripts is told`],
    compare: ['K~P', 'the same schedule on another kernel: a release and after each ~ a patch to flip, as in 6.1~939b656bc8ab'],
  },
  run: textAsked,
}

async function textAsked(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(text, args)
  const wanted = {
    genre: oneOf<Genre>('genre', genres, values.genre ?? 'page'),
    width: Number(oneOf('width', widths.map(String), values.width ?? String(WIDTH))),
    level: oneOf<Level>('level', ['beats', 'all'], values.level ?? 'beats'),
    from: stepOf('from', values),
    to: stepOf('to', values),
  }
  if (wanted.from !== null && wanted.to !== null && wanted.from > wanted.to)
    throw new InputError(`--from ${wanted.from} comes after --to ${wanted.to}: exchange them`)
  const maxStates = values['max-states'] === undefined ? maxStatesDefault : count('max-states', values['max-states'])
  const left = sideOf(await stageOptions(positionals, values), values)
  const right = typeof values.compare === 'string' ? sideOf(otherKernel(left.staged, values.compare), values) : null
  const out = await textView(left, right, wanted, maxStates)
  if (values.json) printJson({ text: out })
  else print(out)
  return 0
}

function oneOf<T extends string>(name: string, known: readonly T[], value: string): T {
  const found = known.find((one) => one === value)
  if (found === undefined) throw new InputError(`--${name} cannot be "${value}"; choose one of ${known.join(', ')}`)
  return found
}

const stepOf = (name: 'from' | 'to', values: Options): number | null => {
  const value = values[name]
  return value === undefined ? null : count(name, value)
}

/** `6.1~939b656`: a release and the patches that are flipped against it, with the settings of the first. */
function otherKernel({ scenario, settings }: Staged, given: string): Staged {
  const [kernel = '', ...patches] = given.split('~')
  const shipped = stage(scenario, { kernel, settings }).release.patches
  const ids = patches.map((one) => patchNamed(scenario, one))
  return stage(scenario, {
    kernel,
    on: ids.filter((id) => !shipped.includes(id)),
    off: ids.filter((id) => shipped.includes(id)),
    settings,
  })
}

/** What the page would have asked for: settings that differ from their defaults, patches that differ from the release. */
function sideOf(staged: Staged, { schedule }: Options): TextSide {
  const { scenario, asked, release, kernel, settings } = staged
  const { card } = scenario
  const toggles = card.patches.map(({ id }) => id).filter((id) => (kernel.patches[id] === true) !== release.patches.includes(id))
  const changed = card.settings.filter(({ name, default: usual }) => settings[name] !== usual)
  return {
    staged,
    choice: {
      scenario: card.id,
      kernel: asked,
      toggles: toggles.sort(),
      settings: Object.fromEntries(changed.map(({ name }) => [name, settings[name] ?? ''])),
      schedule: scheduleOf(scenario, schedule),
    },
  }
}
