/** A line of a shell script or of a session: xfs_io, the tools of fstests around it, and the commands that do the same as one of its calls. */
import { cCall, numberOf } from './c-call.ts'
import { checked, complaint, handAfter, onBytes, opening, said, unsaid, type Hand, type Said } from './said.ts'
import { printSize } from '../size.ts'

/** One command of a line. */
export interface ShellCall {
  readonly said: Said
  /** It runs beside what follows: `&`. */
  readonly behind: boolean
  /** The file that it names; null = none. */
  readonly path: string | null
  /** What it is, for the order of things. */
  readonly kind: 'call' | 'all' | 'remount' | 'mkfs' | 'mount' | 'power' | 'wait' | 'nothing'
}

const prompt = /^\s*(?:(?:\[\S{1,60}\s\S{1,30}\]|\S{0,60}?)[$#]\s+|\$\s*|xfs_io>\s*|\+\s+)/

/** Tools that others know as the start of a command. */
const tools =
  /^(?:sudo\s+)?(?:xfs_io|\$\{?XFS_IO_PROG\}?|\$\{?DD_PROG\}?|dd|sync|fsync|truncate|fallocate|mkfs(?:\.\w+)?|mount|umount|wait|touch|rm|echo|cat|md5sum|od|hexdump|filefrag|stat|cmp|for|while|do|done|if|then|fi|sleep|mkdir|cd|modprobe|reboot|btrfs|_\w+|\$\w+|[A-Z_]+=)/

/** Does a line look like one for a shell? Prose between commands is not listed as unread. */
export const looksLikeShell = (text: string): boolean => prompt.test(text) || /\bxfs_io\b.*\s-c\s|XFS_IO_PROG/.test(text)
export const isTool = (text: string): boolean => tools.test(text.replace(prompt, '').trim())

/** A line that says so and nothing else. */
const powerFails = /^[<(*[\s-]*(?:simulate\s+)?(?:a\s+)?(?:power\s?-?(?:fail(?:s|ure)?|cut|loss)|crash)[>)*\]\s.:-]*$/i
/** Comments, and what xfs_io prints of a call that went well. */
const nothingDone = /^(#|;|\/\/|set\s|export\s)|^(?:wrote|read) \d+\/\d+ bytes at offset \d+$|^[\d.]+ \w+, \d+ ops; /

/** The commands of one line; a comment has none. */
export function shellCalls(line: string, hand: Hand): { readonly calls: readonly ShellCall[]; readonly hand: Hand } {
  const text = line.replace(prompt, '').trim()
  if (powerFails.test(text)) return { calls: [{ said: said(), behind: false, path: null, kind: 'power' }], hand }
  if (text === '' || nothingDone.test(text)) return { calls: [], hand }
  const inC = cCall(text, hand)
  if (inC) return { calls: [{ said: checked(inC.said), behind: false, path: null, kind: 'call' }], hand: inC.hand }
  // A command as it is typed to xfs_io itself.
  const typed = commandOf(wordsOf(text))
  if ('commands' in typed && typed.commands.length > 0)
    return {
      calls: [{ said: typed, behind: false, path: null, kind: text === 'sync' ? 'all' : 'call' }],
      hand: handAfter(typed.commands, hand),
    }
  return { calls: parts(text).map(({ words, behind }) => ({ ...checkedCall(shellCall(words)), behind })), hand }
}

const checkedCall = <C extends Pick<ShellCall, 'said' | 'kind'>>(one: C): C =>
  one.kind === 'call' ? { ...one, said: checked(one.said) } : one

/** Words of a shell, without quotes; redirections and what stands behind a pipe are no part of the call. */
function wordsOf(text: string): string[] {
  const bare = text.replace(/\s\d?>{1,2}\s*&?\S+/g, ' ').replace(/\s\|.*$/, '')
  return [...bare.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|[^\s"']+/g)].map((match) => match[1] ?? match[2] ?? match[0])
}

/** What `&`, `&&` and `;` part, outside quotes. */
function parts(text: string): { readonly words: string[]; readonly behind: boolean }[] {
  const found = [...text.matchAll(/((?:"(?:[^"\\]|\\.)*"|'[^']*'|&&?\d|>&|[^;&"'])+)(&&|&|;|$)/g)]
  return found
    .map((match) => ({ words: wordsOf((match[1] ?? '').trim()), behind: match[2] === '&' }))
    .filter(({ words }) => words.length > 0)
}

const call = (what: Said, path: string | null = null, kind: ShellCall['kind'] = 'call') => ({ said: what, path, kind })

function shellCall(all: readonly string[]): Omit<ShellCall, 'behind'> {
  const [name = '', ...args] = all[0] === 'sudo' ? all.slice(1) : all
  const tool = name.replace(/^.*\//, '').replace(/^\$\{?(\w+)\}?$/, '$1')
  if (tool === 'xfs_io' || tool === 'XFS_IO_PROG') return xfsIo(args)
  const path = args.findLast((one) => !one.startsWith('-')) ?? null
  const sizeAfter = (flag: string): number | null => {
    const at = args.findIndex((one) => one === flag || (one.startsWith(flag) && one.length > flag.length))
    if (at < 0) return null
    return numberOf(args[at] === flag ? (args[at + 1] ?? '') : (args[at] ?? '').slice(flag.length).replace(/^=/, ''))
  }
  switch (tool) {
    case 'sync':
      return path === null ? call(said('sync'), null, 'all') : call(said('fsync'), path)
    case 'truncate': {
      const size = sizeAfter('-s') ?? sizeAfter('--size')
      return call(size === null ? unsaid('the size of `truncate` is no number') : said(`truncate ${printSize(size)}`), path)
    }
    case 'fallocate': {
      const [offset, length] = [sizeAfter('-o') ?? 0, sizeAfter('-l')]
      const command = args.includes('-p') ? 'fpunch' : args.includes('-z') ? 'fzero' : 'falloc'
      if (length === null || args.some((one) => /^-[cdi]$/.test(one)))
        return call(unsaid('that form of `fallocate` is not in the language'))
      return call(said(onBytes(command + (args.includes('-n') && command !== 'fpunch' ? ' -k' : ''), offset, length)), path)
    }
    case 'dd':
    case 'DD_PROG':
      return dd(args)
    case 'wait':
      return call(said(), null, 'wait')
    case 'umount':
    case '_scratch_cycle_mount':
    case '_scratch_remount':
    case '_scratch_unmount':
      return call(said('remount'), null, 'remount')
    case 'mount':
    case '_scratch_mount':
      return call(said(...options('mount', args)), null, 'mount')
    case '_scratch_mkfs':
      return call(said(...options('mkfs', args)), null, 'mkfs')
    case '_flakey_drop_and_remount':
      return call(said(), null, 'power')
    default:
      if (/^mkfs(\.\w+)?$/.test(tool)) return call(said(...options('mkfs', args)), null, 'mkfs')
      if (/sysrq-trigger|log-writes/.test(args.join(' '))) return call(said(), null, 'power')
      if (/^(touch|mkdir|cd|modprobe|sleep)$/.test(tool)) return call(said(), null, 'nothing')
      return call(unsaid('it is no call on the file'))
  }
}

/** `-O ^no-holes`, `-o nodatacow`: as far as the language has words for them. */
function options(kind: 'mkfs' | 'mount', args: readonly string[]): string[] {
  const flag = kind === 'mkfs' ? '-O' : '-o'
  const given = args.flatMap((one, i) => (args[i - 1] === flag ? one.split(',') : []))
  const words = given.map((one) => (one === '^no-holes' ? 'holes' : one)).filter((one) => /^[a-z0-9][a-z0-9-]{0,31}$/.test(one))
  return words.length === 0 ? [] : [`${kind} ${words.join(' ')}`]
}

function dd(args: readonly string[]): Omit<ShellCall, 'behind'> {
  const given = new Map(
    args.flatMap((one) => (one.includes('=') ? [[one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] as const] : [])),
  )
  const [bs, count, seek] = [numberOf(given.get('bs') ?? ''), numberOf(given.get('count') ?? '1'), numberOf(given.get('seek') ?? '0')]
  const path = given.get('of') ?? null
  if (bs === null || count === null || seek === null || count === 0 || path === null)
    return call(unsaid('`dd` is read with of=, bs= and count=, in numbers'))
  const conv = given.get('conv') ?? ''
  const flags = given.get('oflag') ?? ''
  return call(
    said(
      ...(/direct/.test(flags) ? ['open -d'] : []),
      // dd cuts the file where it begins to write, unless it is told not to.
      ...(/notrunc/.test(conv) ? [] : [`truncate ${printSize(bs * seek)}`]),
      `pwrite${count === 1 ? '' : ` -b ${printSize(bs)}`} ${printSize(bs * seek)} ${printSize(bs * count)}`,
      ...(/fsync/.test(conv) ? ['fsync'] : /fdatasync/.test(conv) ? ['fdatasync'] : []),
      ...(/direct/.test(flags) ? ['open'] : []),
    ),
    path,
  )
}

/** `xfs_io -f -d -c "pwrite 0 4k" -c fsync /mnt/foo`. */
function xfsIo(args: readonly string[]): Omit<ShellCall, 'behind'> {
  const commands: string[] = []
  let flags = ''
  let path: string | null = null
  for (let i = 0; i < args.length; i++) {
    const one = args[i] ?? ''
    if (one === '-c' || one === '-C') commands.push(args[++i] ?? '')
    else if (/^-[pmiP]$/.test(one)) i++
    else if (/^-[A-Za-z]+$/.test(one)) flags += one.slice(1).replace(/[^adst]/g, '')
    else path = one
  }
  const found = commands.map((one) => commandOf(one.trim().split(/\s+/)))
  const wrong = found.flatMap((one, i) => ('why' in one ? [`-c "${commands[i]}": ${one.why}`] : []))
  const right = found.flatMap((one) => ('commands' in one ? one.commands : []))
  if (wrong.length > 0) return call(unsaid(wrong.join('; ')), path)
  return call(said(...(flags === '' ? right : [opening(flags), ...right, 'open'])), path)
}

const alias: Readonly<Record<string, string>> = {
  w: 'pwrite',
  r: 'pread',
  s: 'fsync',
  ds: 'fdatasync',
  mw: 'mwrite',
  mr: 'mread',
  mm: 'mmap',
  mu: 'munmap',
  ms: 'msync',
}
/** xfs_io moves 4 KiB a system call where nothing is said. */
const BLOCK = 4096
/** A read of more calls than these stays one line. */
const READS_MAX = 16

/** One command of xfs_io. */
function commandOf(words: readonly string[]): Said {
  const [first = '', ...rest] = words
  const name = alias[first] ?? first
  const quiet = rest.filter((one) => one !== '-q' && !(one === '-v' && name === 'pread'))
  const behind = quiet.flatMap((one) => (name !== 'pwrite' ? [] : one === '-w' ? ['fdatasync'] : one === '-W' ? ['fsync'] : []))
  const words2 = quiet.filter((one) => !(name === 'pwrite' && /^-[wWDN]$/.test(one)))
  const model =
    name !== 'pwrite' && name !== 'pread' ? [] : quiet.flatMap((one) => (one === '-D' ? ['dsync'] : one === '-N' ? ['nowait'] : []))
  const text = [name, ...words2, ...(model.length === 0 || words2.includes('--') ? [] : ['--', model.join(', ')])].join(' ')
  const wrong = complaint(text, 'task')
  if (wrong !== null) {
    if (complaint(text, 'setup') === null) return said(text)
    return unsaid(wrong)
  }
  return said(...(words2.includes('--') ? [text] : asCalls(name, text)), ...behind)
}

/** A read or write as the system calls that xfs_io makes of it. */
function asCalls(name: string, text: string): string[] {
  const found = /^(pwrite|pread)((?: -S \S+)?)(?: -b (\S+))?((?: -S \S+)?) (\S+) (\S+)(.*)$/.exec(text)
  if (!found) return [text]
  const [, , stamp = '', given, later = '', at = '', long = '', tail = ''] = found
  const [block, offset, length] = [given === undefined ? BLOCK : numberOf(given), numberOf(at), numberOf(long)]
  if (block === null || offset === null || length === null || length <= block) return [`${name}${stamp}${later} ${at} ${long}${tail}`]
  if (name === 'pwrite') return [`${name}${stamp}${later} -b ${printSize(block)} ${at} ${long}${tail}`]
  const count = Math.ceil(length / block)
  if (count > READS_MAX) return [text]
  return Array.from({ length: count }, (_, i) => onBytes(name, offset + i * block, Math.min(block, length - i * block)) + tail)
}
