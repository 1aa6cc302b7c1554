/** A system call as C, a manual page or strace writes it: `pwrite64(3, buf, 4096, 0) = 4096`. */
import { printSize } from '../size.ts'
import { onBytes, opening, said, unsaid, type Hand, type Said } from './said.ts'

const call = /^(?:\[pid\s+\d+\]\s*)?(?:\d+\s+)?(?:[\w.>-]+\s*=\s*)?([a-z_][a-z0-9_]*)\s*\((.*)\)\s*(?:=\s*-?(?:\d+|0x[0-9a-f]+|\?).*)?;?$/i

/** Null: the text is no call in this form. */
export function cCall(text: string, hand: Hand): { readonly said: Said; readonly hand: Hand } | null {
  const match = call.exec(text.trim())
  if (!match) return null
  const [, name = '', inside = ''] = match
  const args = argumentsOf(inside)
  return read(name.replace(/64$/, ''), args, hand)
}

/** What commas part, outside quotes and brackets. */
function argumentsOf(inside: string): string[] {
  const out = ['']
  let depth = 0
  let quoted = false
  for (const letter of inside) {
    if (letter === '"') quoted = !quoted
    if (!quoted && '([{'.includes(letter)) depth++
    if (!quoted && ')]}'.includes(letter)) depth--
    if (letter === ',' && !quoted && depth === 0) out.push('')
    else out[out.length - 1] += letter
  }
  return out.map((one) => one.trim())
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** `4096`, `0x1000`, `64 * 1024`, `1UL << 20`, `4K`; null = it has names in it. */
export function numberOf(text: string): number | null {
  const factors = text.replace(/^\((.*)\)$/, '$1').split('*')
  let product = 1
  for (const factor of factors) {
    const shift = /^\s*\(?\s*(\d+)U?L{0,2}\s*<<\s*(\d{1,2})\s*\)?\s*$/i.exec(factor)
    const plain = /^\s*(0x[0-9a-f]{1,12}|\d{1,16})(?:U?L{0,2}|\s?([kmg])(?:i?b)?)\s*$/i.exec(factor)
    if (shift) product *= Number(shift[1]) * 2 ** Number(shift[2])
    else if (plain) product *= Number(plain[1]) * (units[(plain[2] ?? '').toLowerCase()] ?? 1)
    else return null
  }
  return Number.isSafeInteger(product) ? product : null
}

/** The flags of open(2) as letters of the command. */
function opened(flags: string, hand: Hand): Hand {
  const letters: readonly (readonly [RegExp, string])[] = [
    [/\bO_APPEND\b/, 'a'],
    [/\bO_DIRECT\b/, 'd'],
    [/\bO_SYNC\b/, 's'],
    [/\bO_TRUNC\b/, 't'],
  ]
  const found = letters.flatMap(([is, letter]) => (is.test(flags) ? [letter] : [])).join('')
  return { ...hand, flags: found, dsync: /\bO_DSYNC\b/.test(flags), position: 0 }
}

const modes: readonly (readonly [RegExp, string])[] = [
  [/\bFALLOC_FL_PUNCH_HOLE\b/, 'fpunch'],
  [/\bFALLOC_FL_ZERO_RANGE\b/, 'fzero'],
  [/\bFALLOC_FL_(COLLAPSE_RANGE|INSERT_RANGE|UNSHARE_RANGE|WRITE_ZEROES)\b/, ''],
]

function read(name: string, args: readonly string[], hand: Hand): { readonly said: Said; readonly hand: Hand } | null {
  const number = (at: number): number | null => numberOf(args[at] ?? '')
  const here = (what: Said, next = hand) => ({ said: what, hand: next })
  const missing = (): { said: Said; hand: Hand } =>
    here(unsaid(`\`${name}\` has an argument that is no number here: write its bytes, such as \`pwrite 0 4k\``))
  /** Two numbers, the offset and the length. */
  const bytes = (command: string, offset: number | null, length: number | null) =>
    offset === null || length === null ? missing() : here(said(onBytes(command, offset, length)))
  const dsync = hand.dsync ? ' -- dsync' : ''
  switch (name) {
    case 'open':
    case 'openat':
    case 'creat': {
      const next = opened(args.slice(name === 'openat' ? 2 : 1).join(' '), hand)
      return here(said(opening(next.flags)), next)
    }
    case 'close':
      return here(said('close'), { ...hand, flags: '', dsync: false, position: null })
    case 'lseek':
      return /SEEK_SET/.test(args[2] ?? '') ? here(said(), { ...hand, position: number(1) }) : here(said(), { ...hand, position: null })
    case 'pread':
      return bytes('pread', number(3), number(2))
    case 'pwrite': {
      const [offset, length] = [number(3), number(2)]
      return offset === null || length === null ? missing() : here(said(onBytes('pwrite', offset, length) + dsync))
    }
    case 'read':
    case 'write': {
      const length = number(2)
      const append = name === 'write' && hand.flags.includes('a')
      const offset = append ? 0 : hand.position
      if (length === null) return missing()
      if (offset === null) return here(unsaid(`where \`${name}\` begins is not known: say it with \`p${name}\``))
      return here(said(onBytes(`p${name}`, offset, length) + (name === 'write' ? dsync : '')), {
        ...hand,
        position: append ? null : offset + length,
      })
    }
    case 'truncate':
    case 'ftruncate': {
      const to = number(1)
      return to === null ? missing() : here(said(`truncate ${printSize(to)}`))
    }
    case 'fallocate':
    case 'posix_fallocate': {
      const [at, mode] = name === 'fallocate' ? [2, args[1] ?? ''] : [1, '0']
      if (!/^[0|\sA-Z_]*$/.test(mode)) return here(unsaid('the mode of `fallocate` is not known here: say `falloc`, `fpunch` or `fzero`'))
      const command = modes.find(([is]) => is.test(mode))?.[1] ?? 'falloc'
      if (command === '') return here(unsaid('that mode of `fallocate` is not in the language: it has `falloc`, `fpunch` and `fzero`'))
      const keep = command !== 'fpunch' && /\bFALLOC_FL_KEEP_SIZE\b/.test(mode) ? ' -k' : ''
      return bytes(command + keep, number(at), number(at + 1))
    }
    case 'fsync':
    case 'fdatasync':
    case 'sync':
    case 'syncfs':
      return here(said(name))
    case 'sync_file_range': {
      const flags = args[3] ?? ''
      const letters = [/WAIT_AFTER/, /WAIT_BEFORE/, /FILE_RANGE_WRITE/].map((is, i) => (is.test(flags) ? ('abw'[i] ?? '') : '')).join('')
      return bytes(`sync_range${letters === '' ? '' : ` -${letters}`}`, number(1), number(2))
    }
    case 'mmap': {
      const [length, offset] = [number(1), number(5)]
      if (!/MAP_SHARED/.test(args[3] ?? '')) return here(unsaid('that mapping is not one of the file that others see: only MAP_SHARED is'))
      return bytes(/PROT_WRITE/.test(args[2] ?? '') ? 'mmap -w' : 'mmap -r', offset, length)
    }
    case 'msync':
      return here(said('msync'))
    case 'munmap':
      return here(said('munmap'))
    default:
      return here(unsaid(`\`${name}\` is no call of the language`))
  }
}
