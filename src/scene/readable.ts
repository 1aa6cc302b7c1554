/**
 * A scene as a link that can be read: a segment a statement, `on_btrfs_6.1/A_pwrite_0_64k_--_buf_absent/n_hole_0~64k/end`. Letters, digits
 * and `_ ~ - . /` only, as mail wants. Comments do not travel: they are for who reads the text.
 */
import { InputError } from '../base/assert.ts'
import { parseScene } from './parse.ts'
import { printSaying } from './print.ts'
import { VERSION, type Scene } from './scene.ts'

/** The words that begin a statement, in short. Kept for ever: links were sent with them. */
const short: readonly (readonly [string, string])[] = [
  ['setup:', 's'],
  ['never', 'n'],
  ['always', 'a'],
  ['sometimes', 't'],
  ['may', 'm'],
  ['outcomes', 'o'],
  ['run', 'r'],
  ['lockstep', 'l'],
]

const intoShort: Readonly<Record<string, string>> = Object.fromEntries(short)
const fromShort: Readonly<Record<string, string>> = Object.fromEntries(short.map(([long, brief]) => [brief, long]))

/** `[0,64k)` to `0~64k`, `+` to `~~`, a comma to `~.`, `_` to `~_`: a tilde between sizes is a range, before anything else it is an escape. */
function packWord(word: string): string {
  const range = /^\[([^,]+),([^)]+)\)$/.exec(word)
  if (range) return `${range[1]}~${range[2]}`
  return word.replaceAll('_', '~_').replace(/^\+/, '~~').replace(/,$/, '~.')
}

function unpackWord(word: string): string {
  const range = /^(\d+[kmg]?)~(\d+[kmg]?)$/.exec(word)
  if (range) return `[${range[1]},${range[2]})`
  return word.replace(/^~~/, '+').replace(/~\.$/, ',').replaceAll('~_', '_')
}

/** Words are parted by `_` that no tilde escapes. */
const wordsOf = (segment: string): string[] => segment.split(/(?<!~)_/)

function packLine(line: string): string {
  const [first = '', ...rest] = line.split(' ')
  const begin = intoShort[first] ?? first.replace(/^([A-Z]):$/, '$1')
  return [begin, ...rest.map(packWord)].join('_')
}

function unpackLine(segment: string): string {
  const [first = '', ...rest] = wordsOf(segment)
  const begin = fromShort[first] ?? first.replace(/^([A-Z])$/, '$1:')
  return [begin, ...rest.map(unpackWord)].join(' ')
}

/** The last segment, so that what follows in the link is not taken for a statement. */
export const END = 'end'

export function readablePayload({ name, statements }: Scene): string {
  const lines = statements.filter(({ kind }) => kind !== 'comment').map((one) => packLine(printSaying(one)))
  return [...(name === null ? [] : [`l_${name}`]), ...lines, END].join('/')
}

/** @throws InputError with what is wrong. */
export function sceneOfReadable(payload: string): Scene {
  const segments = payload.split('/')
  if (segments.pop() !== END) throw new InputError(`the scene in this link does not end with \`/${END}\`: it was cut off`)
  const name = segments[0]?.startsWith('l_') ? segments.shift()?.slice(2) : undefined
  const text = [`lockstep ${VERSION}${name === undefined ? '' : ` ${name}`}`, ...segments.map(unpackLine), 'end'].join('\n')
  const { scene, problems } = parseScene(text)
  const [first] = problems
  if (first) throw new InputError(`the scene in this link cannot be read, at "${segments[first.line - 2] ?? name ?? ''}": ${first.message}`)
  return scene
}
