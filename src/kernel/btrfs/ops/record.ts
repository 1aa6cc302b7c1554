/** One line of a recording: what was done to a file on a real kernel, and what was seen after each command. */
import { InputError } from '../../../base/assert.ts'
import { resolveRelease } from '../../releases.ts'
import type { FileSystem } from './run.ts'

/** What was seen at one moment; a file that is no longer there has only `err`. A field that was not recorded is absent. */
export interface RecordedState {
  readonly err?: string
  readonly size?: number
  readonly map?: readonly (readonly unknown[])[]
  readonly fiemap?: readonly (readonly number[])[]
  readonly items?: readonly (readonly (string | number)[])[]
  readonly data?: readonly (readonly unknown[])[]
}

export interface RecordedStep extends RecordedState {
  readonly cmd: string
  readonly ret?: number
}

/** One course of events: the recording itself, or what another run of it showed. */
export interface Course {
  readonly steps: readonly RecordedStep[]
  readonly final: RecordedState | null
}

export interface Recorded {
  readonly id: string
  /** The release, of those modelled. */
  readonly kernel: string
  /** Why that is not the one that was recorded, in words; null if it is. */
  readonly kernelSays: string | null
  readonly fileSystem: FileSystem
  /** Why the model cannot run it, in words; null if it can try. */
  readonly refused: string | null
  /** The recording first, then alternatives. */
  readonly courses: readonly [Course, ...Course[]]
  /** What a power failure left, by run: the recording first, then alternatives; empty = there was none. */
  readonly crashes: readonly Crash[]
}

export interface Crash {
  /** The log tree as dump-tree prints it. */
  readonly log: readonly string[] | null
  /** After the next mount. */
  readonly after: RecordedState
}

type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

function text(from: Fields, name: string, fallback?: string): string {
  const value = from[name] ?? fallback
  if (typeof value !== 'string') throw new InputError(`the field "${name}" is missing or no text`)
  return value
}

function state(value: unknown, what: string): RecordedState {
  if (!isFields(value)) throw new InputError(`${what} is not an object`)
  for (const name of ['map', 'fiemap', 'items', 'data'])
    if (value[name] !== undefined && !(Array.isArray(value[name]) && value[name].every((entry) => Array.isArray(entry))))
      throw new InputError(`${what} has a "${name}" that is not a list of lists`)
  if (value['size'] !== undefined && typeof value['size'] !== 'number') throw new InputError(`${what} has a "size" that is no number`)
  return value
}

function steps(value: unknown, first: number): RecordedStep[] {
  if (!Array.isArray(value)) throw new InputError('the field "steps" is missing or no list')
  return value.map((entry: unknown, i) => {
    const step = state(entry, `step ${first + i + 1}`)
    if (!isFields(entry) || typeof entry['cmd'] !== 'string') throw new InputError(`step ${first + i + 1} has no "cmd"`)
    return { ...step, cmd: entry['cmd'] }
  })
}

const optionalState = (from: Fields, name: string): RecordedState | null =>
  from[name] === undefined || from[name] === null ? null : state(from[name], `"${name}"`)

function courses(line: Fields): readonly [Course, ...Course[]] {
  const own: Course = { steps: steps(line['steps'], 0), final: optionalState(line, 'final') }
  const alt: unknown = line['alt'] ?? []
  if (!Array.isArray(alt)) throw new InputError('the field "alt" is no list')
  // Without a step to go on from it is another end of a power failure.
  const others = alt
    .filter((entry) => !isFields(entry) || entry['after'] === undefined)
    .map((entry: unknown): Course => {
      if (!isFields(entry) || typeof entry['at'] !== 'number') throw new InputError('an entry of "alt" has no "at"')
      const rest = steps(entry['steps'] ?? [], entry['at'])
      return { steps: [...own.steps.slice(0, entry['at']), ...rest], final: optionalState(entry, 'final') }
    })
  return [own, ...others]
}

function crashOf(line: Fields): Crash[] {
  const after = optionalState(line, 'after')
  const log: unknown = line['log']
  if (log !== undefined && !(Array.isArray(log) && log.every((entry) => typeof entry === 'string')))
    throw new InputError('the field "log" is no list of lines')
  return after ? [{ log: log ?? null, after }] : []
}

/** The recording's own and those of its alternatives. */
const crashes = (line: Fields): Crash[] =>
  [line, ...(Array.isArray(line['alt']) ? line['alt'].filter(isFields) : [])].flatMap((one) => crashOf(one))

/**
 * The release in a `uname` line: Debian's builds name it behind the package's ABI number. A candidate is another kernel than
 * its release; what a distributor adds behind the number (`-rk`, `-27-amd64`) names a build.
 */
function releaseIn(uname: string): { readonly kernel: string; readonly kernelSays: string | null } {
  const found = /Debian (\d+\.\d+\.\d+)/.exec(uname)?.[1] ?? /(\d+\.\d+(?:\.\d+)?(?:-rk\b|-rc\d+)?)/.exec(uname)?.[1]
  if (found === undefined) throw new InputError(`no release can be found in the kernel "${uname}": write it as 6.1 or 6.10.5`)
  const { release, says } = resolveRelease(plain(found))
  return { kernel: release.version, kernelSays: release.version === found ? null : says }
}

/** A candidate of a release that has a third number is written without it: 6.0.0-rc1 is what `uname` prints of 6.0-rc1. */
const plain = (version: string): string => version.replace(/^(\d+\.\d+)\.0(?=-rc\d+$)/, '$1')

const known = new Set(['noatime', 'commit', 'nodatacow', 'nodatasum', 'rw', 'relatime', 'max_inline'])

/** What of mkfs and mount the model has no code for. */
function refusal(mkfs: string, mount: string): string | null {
  if (/compress/.test(mount))
    return `compressed extents are not modelled (mount option ${mount.split(',').find((o) => o.includes('compress'))})`
  const odd = mount.split(',').find((option) => option !== '' && !known.has(option.split('=')[0] ?? ''))
  if (odd !== undefined) return `the mount option ${odd} is not modelled`
  const features = mkfs
    .replace(/^default$/, '')
    .replace(/-O\s+\^?no-holes/, '')
    .trim()
  return features === '' ? null : `the mkfs option ${features} is not modelled`
}

/** @throws InputError saying what of the line cannot be read. */
export function parseRecord(line: string): Recorded {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new InputError(`the line is no JSON, it begins with ${JSON.stringify(line.slice(0, 30))}: was the file cut?`)
  }
  if (!isFields(value)) throw new InputError('the line is no JSON object')
  const [mkfs, mount] = [text(value, 'mkfs', 'default'), text(value, 'mount', 'noatime')]
  const options = mount.split(',')
  return {
    id: text(value, 'id'),
    ...releaseIn(text(value, 'kernel')),
    fileSystem: {
      noHoles: !mkfs.includes('^no-holes'),
      nodatacow: options.includes('nodatacow'),
      nodatasum: options.includes('nodatasum'),
    },
    refused: refusal(mkfs, mount),
    courses: courses(value),
    crashes: crashes(value),
  }
}
