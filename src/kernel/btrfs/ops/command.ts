/** Commands of a recorded sequence, in xfs_io's syntax. */
import { InputError } from '../../../base/assert.ts'

export type Command =
  | {
      readonly name: 'pwrite'
      readonly direct: boolean
      readonly append: boolean
      readonly fill: number
      readonly block: number
      readonly offset: number
      readonly length: number
    }
  | { readonly name: 'pread'; readonly direct: boolean; readonly offset: number; readonly length: number }
  | { readonly name: 'mmap'; readonly writable: boolean; readonly offset: number; readonly length: number }
  | { readonly name: 'munmap' }
  | { readonly name: 'mwrite'; readonly fill: number; readonly offset: number; readonly length: number }
  | { readonly name: 'msync'; readonly offset: number; readonly length: number }
  | { readonly name: 'truncate'; readonly to: number }
  | {
      readonly name: 'fallocate'
      readonly mode: 'allocate' | 'punch' | 'zero'
      readonly keepSize: boolean
      readonly offset: number
      readonly length: number
    }
  | { readonly name: 'fsync' | 'fdatasync' | 'syncfs' }
  | { readonly name: 'sync_range'; readonly offset: number; readonly length: number }

/** The longest file the model takes, 1 TiB: what lies beyond could not be told apart from the end of all files. */
const longest = 2 ** 40

function number(text: string | undefined, what: string, command: string): number {
  if (text === undefined || !/^(0x[0-9a-fA-F]+|\d+)$/.test(text))
    throw new InputError(`the command "${command}" has no ${what} that can be read: write a number of bytes`)
  const value = Number(text)
  if (value > longest)
    throw new InputError(`the command "${command}" has the ${what} ${text}: the model takes files of up to ${longest} bytes`)
  return value
}

/** `-d`, `-a` or `-da` before the command: how the file is open. */
function openFlags(words: string[], command: string): { readonly direct: boolean; readonly append: boolean } {
  let [direct, append] = [false, false]
  while (words[0]?.startsWith('-')) {
    const flag = words.shift() ?? ''
    if (!/^-[da]+$/.test(flag)) throw new InputError(`the command "${command}" begins with ${flag}: only -d, -a and -da are known`)
    direct ||= flag.includes('d')
    append ||= flag.includes('a')
  }
  return { direct, append }
}

/** Options `-S VALUE`, `-b VALUE` and flags, taken out of the words. */
function options(words: string[], valued: string, flags: string, command: string): Record<string, string> {
  const found: Record<string, string> = {}
  const rest: string[] = []
  while (words.length > 0) {
    const word = words.shift() ?? ''
    const letter = word.slice(1)
    if (!word.startsWith('-') || word === '-') rest.push(word)
    else if (letter.length === 1 && valued.includes(letter)) found[letter] = words.shift() ?? ''
    else if ([...letter].every((one) => flags.includes(one))) for (const one of letter) found[one] = 'yes'
    else throw new InputError(`the command "${command}" has the option ${word}, which is not known`)
  }
  words.push(...rest)
  return found
}

function range(words: readonly string[], command: string): { readonly offset: number; readonly length: number } {
  if (words.length > 2) throw new InputError(`the command "${command}" has "${words[2]}" too many`)
  const length = number(words[1], 'length', command)
  if (length === 0) throw new InputError(`the command "${command}" has a length of 0, which does nothing: leave it out`)
  const offset = number(words[0], 'offset', command)
  if (offset + length > longest)
    throw new InputError(`the command "${command}" ends past ${longest} bytes, the longest file that the model takes`)
  return { offset, length }
}

/** @throws InputError naming what cannot be read, or the command if there is none of that name. */
export function parseCommand(command: string): Command {
  const words = command.trim().split(/\s+/)
  const { direct, append } = openFlags(words, command)
  const name = words.shift() ?? ''
  const byte = (text: string | undefined): number => {
    const value = number(text ?? '0xcd', 'fill byte', command)
    if (value > 255) throw new InputError(`the command "${command}" fills with ${text}, which is no byte`)
    return value
  }
  if ((direct || append) && name !== 'pwrite' && name !== 'pread')
    throw new InputError(`the command "${command}" opens the file with a flag that only pwrite and pread know`)
  switch (name) {
    case 'pwrite': {
      const given = options(words, 'Sb', '', command)
      const where = range(words, command)
      const block = given['b'] === undefined ? 4096 : number(given['b'], 'block size', command)
      if (block === 0) throw new InputError(`the command "${command}" has blocks of 0 bytes`)
      return { name, direct, append, fill: byte(given['S']), block, ...where }
    }
    case 'pread':
      options(words, 'b', 'q', command)
      return { name, direct, ...range(words, command) }
    case 'mmap': {
      // With none of the three all of them are asked for.
      const given = options(words, '', 'rwx', command)
      return { name, writable: given['w'] === 'yes' || Object.keys(given).length === 0, ...range(words, command) }
    }
    case 'munmap':
    case 'fsync':
    case 'fdatasync':
    case 'syncfs':
      return { name }
    case 'mwrite': {
      const given = options(words, 'S', '', command)
      return { name, fill: byte(given['S']), ...range(words, command) }
    }
    case 'msync':
      options(words, '', 's', command)
      return { name, ...range(words, command) }
    case 'truncate':
      return { name, to: number(words[0], 'size', command) }
    case 'falloc':
    case 'fzero': {
      const given = options(words, '', 'k', command)
      return { name: 'fallocate', mode: name === 'fzero' ? 'zero' : 'allocate', keepSize: given['k'] === 'yes', ...range(words, command) }
    }
    case 'fpunch':
      return { name: 'fallocate', mode: 'punch', keepSize: true, ...range(words, command) }
    case 'sync_range':
      options(words, '', 'wa', command)
      return { name, ...range(words, command) }
    default:
      throw new InputError(`there is no command "${name}" (in "${command}")`)
  }
}
