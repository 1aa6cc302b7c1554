/** Any commands in any order: the file is what a plain array of bytes would be, and no block is lost or used twice. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from '../../../base/plain.ts'
import { overlaps, type Range } from '../../../base/range.ts'
import { choose, resolveRelease } from '../../releases.ts'
import { replayLog } from '../fsync/replay.ts'
import { allItems, compareKeys, endOf, extentsOf } from '../tree/tree.ts'
import { inlineAddress, SECTOR, type BtrfsWorld } from '../world.ts'
import { parseCommand, type Command } from './command.ts'
import { mountAfterCrash } from './crash.ts'
import { dataRuns, observe, type DataEntry } from './observe.ts'
import { freshSession, look, runCommand, type Session } from './run.ts'
import { refusalOf } from './sequence.ts'

const long = process.env['LONG'] === '1'
const fileMax = 192 * 1024

/** What POSIX says the file holds. */
class PlainFile {
  bytes = new Uint8Array(0)

  resize(size: number): void {
    const next = new Uint8Array(size)
    next.set(this.bytes.subarray(0, size))
    this.bytes = next
  }

  fill(from: number, to: number, value: number): void {
    this.bytes.fill(value, from, Math.min(to, this.bytes.length))
  }

  apply(command: Command): void {
    switch (command.name) {
      case 'pwrite':
        for (let at = 0; at < command.length; at += command.block) {
          const from = command.append ? this.bytes.length : command.offset + at
          const to = from + Math.min(command.block, command.length - at)
          if (to > this.bytes.length) this.resize(to)
          this.fill(from, to, command.fill)
        }
        return
      case 'mwrite':
        return this.fill(command.offset, command.offset + command.length, command.fill)
      case 'truncate':
        return this.resize(command.to)
      case 'fallocate': {
        const end = command.offset + command.length
        if (!command.keepSize && end > this.bytes.length) this.resize(end)
        if (command.mode !== 'allocate') this.fill(command.offset, end, 0)
        return
      }
      default:
    }
  }

  runs(): DataEntry[] {
    const out: [number, number, string][] = []
    for (let at = 0; at < this.bytes.length; at++) {
      const hex = (this.bytes[at] ?? 0).toString(16).padStart(2, '0')
      const last = out.at(-1)
      if (last?.[2] === hex) last[1]++
      else out.push([at, 1, hex])
    }
    return out
  }
}

/** Sector boundaries, their neighbours, and anything. */
const offset = fc
  .tuple(fc.integer({ min: 0, max: fileMax / SECTOR - 1 }), fc.constantFrom(0, 0, 0, 1, 100, 2048, SECTOR - 1))
  .map(([sector, rest]) => sector * SECTOR + rest)
const length = fc.oneof(
  fc.integer({ min: 1, max: 8 }).map((n) => n * SECTOR),
  fc.constantFrom(1, 96, 2048, SECTOR - 1, SECTOR + 1, 10000),
)
const span = fc.tuple(offset, length)
const byte = fc.integer({ min: 1, max: 255 })

const command = fc.oneof(
  {
    arbitrary: fc
      .tuple(fc.constantFrom('', '-d ', '-a ', '-da '), byte, fc.constantFrom(4096, 8192, 5000, 65536), span)
      .map(([open, fill, block, [at, n]]) => `${open}pwrite -S ${fill} -b ${block} ${at} ${n}`),
    weight: 8,
  },
  { arbitrary: fc.tuple(byte, span).map(([fill, [at, n]]) => `mwrite -S ${fill} ${at} ${n}`), weight: 2 },
  { arbitrary: offset.map((to) => `truncate ${to}`), weight: 2 },
  {
    arbitrary: fc
      .tuple(fc.constantFrom('falloc', 'falloc -k', 'fpunch', 'fzero', 'fzero -k'), span)
      .map(([name, [at, n]]) => `${name} ${at} ${n}`),
    weight: 6,
  },
  { arbitrary: fc.constantFrom('fsync', 'fdatasync', 'syncfs', `msync -s 0 ${fileMax * 2}`), weight: 3 },
  { arbitrary: span.map(([at, n]) => `sync_range -w -a ${at} ${n}`), weight: 1 },
  { arbitrary: span.map(([at, n]) => `pread ${at} ${n}`), weight: 1 },
)
const commands = fc.array(command, { minLength: 2, maxLength: 14 })
const settings = fc.record({ release: fc.constantFrom('6.1.192', '6.12.117'), noHoles: fc.boolean(), nodatacow: fc.boolean() })

const bytesOf = (ranges: readonly Range[]): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0)

/** Every byte of the block groups is free, pinned, or part of exactly one extent. */
function spaceIsKept(s: BtrfsWorld): void {
  const extents = new Map<number, Range>()
  for (const { disk, diskLength } of extentsOf(allItems(s.subvol)))
    if (disk !== 0 && disk < inlineAddress) extents.set(disk, { from: disk, to: disk + diskLength })
  for (const oe of s.ordered) if (oe.kind === 'regular') extents.set(oe.disk, { from: oe.disk, to: oe.disk + oe.diskLength })
  const all = [...extents.values(), ...s.space.pinned, ...s.space.groups.flatMap((group) => group.free)].sort((a, b) => a.from - b.from)
  const clash = all.find((part, i) => i > 0 && overlaps(all[i - 1] ?? part, part))
  if (clash) throw new Error(`disk address ${clash.from} has two uses`)
  if (bytesOf(all) !== bytesOf(s.space.groups)) throw new Error(`${bytesOf(s.space.groups) - bytesOf(all)} bytes of disk are lost`)
}

function treeIsSound(s: BtrfsWorld): void {
  const items = allItems(s.subvol)
  items.forEach((item, i) => {
    if (i > 0 && compareKeys(items[i - 1] ?? item, item) >= 0) throw new Error('items are out of order')
  })
  const extents = extentsOf(items)
  extents.forEach((item, i) => {
    const before = extents[i - 1]
    if (before && endOf(before) > item.offset) throw new Error(`items overlap at ${item.offset}`)
    if (item.length <= 0 || item.offset % SECTOR !== 0 || item.length % SECTOR !== 0) throw new Error(`an odd item at ${item.offset}`)
    if (item.disk !== 0 && item.at + item.length > item.diskLength) throw new Error(`the item at ${item.offset} reaches past its extent`)
  })
  s.maps.forEach((map, i) => {
    if (i > 0 && (s.maps[i - 1]?.to ?? 0) > map.from) throw new Error(`extent maps overlap at ${map.from}`)
  })
}

function viewsAgree(s: BtrfsWorld): void {
  const { size, map, fiemap } = observe(s)
  let at = 0
  for (const [, from, to] of map) {
    if (from !== at || to <= from) throw new Error(`SEEK_HOLE and SEEK_DATA leave [${at}, ${from}) out`)
    at = to
  }
  if (at !== size) throw new Error(`SEEK_HOLE and SEEK_DATA end at ${at} of ${size}`)
  fiemap.forEach(([from], i) => {
    const before = fiemap[i - 1]
    if (before && before[0] + before[2] > from) throw new Error(`FIEMAP shows ${from} twice`)
  })
}

/** Runs them, checking after each. @returns null if the model refuses one by name. */
function run(texts: readonly string[], { release, noHoles, nodatacow }: { release: string; noHoles: boolean; nodatacow: boolean }) {
  const { kernel } = choose(resolveRelease(release).release, [], [])
  const session = freshSession(kernel, { noHoles, nodatacow, nodatasum: false })
  const plain = new PlainFile()
  let durable: DataEntry[] | null = null
  for (const text of [`mmap -rw 0 ${fileMax * 2}`, ...texts]) {
    const one = parseCommand(text)
    try {
      runCommand(session, one)
    } catch (error) {
      if (refusalOf(error) !== null) return null
      throw error
    }
    plain.apply(one)
    treeIsSound(session.world)
    spaceIsKept(session.world)
    viewsAgree(session.world)
    look(session)
    if (session.world.inode.i_size !== plain.bytes.length) throw new Error(`after ${text} the size is ${session.world.inode.i_size}`)
    const got = canonical(dataRuns(session.world))
    if (got !== canonical(plain.runs())) throw new Error(`after ${text} the content is ${got}, not ${canonical(plain.runs())}`)
    if (/sync(fs)?$|^fdatasync|^msync/.test(text)) durable = plain.runs()
  }
  return { session, durable }
}

function contentOf(session: Session): DataEntry[] {
  look(session)
  return dataRuns(session.world)
}

describe('random commands', () => {
  it('leave the content that was written, sound trees, and every block accounted for', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(commands, settings, (texts, chosen) => void run(texts, chosen)),
      { numRuns: long ? 1500 : 80, seed: long ? undefined : 20261121 } as fc.Parameters<unknown>,
    )
  })

  it('cut off by a power failure leave the file as of the last sync; replaying the log twice changes nothing', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(commands, settings, (texts, chosen) => {
        // Without copy-on-write later data reach the same blocks, so what a crash leaves is newer.
        const ended = run(texts, { ...chosen, nodatacow: false })
        if (!ended) return
        const { world } = ended.session
        const after = mountAfterCrash(ended.session)
        if ((after === null) !== (ended.durable === null)) throw new Error('the file should be there if and only if it was synced')
        if (after && canonical(contentOf(after)) !== canonical(ended.durable))
          throw new Error(`the mount finds ${canonical(contentOf(after))}, not ${canonical(ended.durable)}`)
        const once = replayLog(world.durable, world.fs.noHoles)
        const twice = replayLog({ items: once, log: world.durable.log }, world.fs.noHoles)
        if (canonical(once) !== canonical(twice)) throw new Error('a second replay changes the tree')
      }),
      { numRuns: long ? 1500 : 50, seed: long ? undefined : 20261122 } as fc.Parameters<unknown>,
    )
  })
})

describe('a store past the end of the file', () => {
  it('dies with SIGBUS, and what came before it stays', () => {
    const { kernel } = choose(resolveRelease('6.1').release, [], [])
    const session = freshSession(kernel, { noHoles: true, nodatacow: false, nodatasum: false })
    for (const text of ['pwrite -S 0x11 0 8192', 'mmap -rw 0 65536']) runCommand(session, parseCommand(text))
    expect(runCommand(session, parseCommand('mwrite -S 0x22 4096 8192'))).toEqual({ ret: -1, err: 'SIGBUS' })
    expect(dataRuns(session.world)).toEqual([
      [0, 4096, '11'],
      [4096, 4096, '22'],
    ])
  })
})

describe('a size that was changed and nothing else', () => {
  it('is logged by a full fsync though no item of the transaction is in the leaf', () => {
    const ended = run(['syncfs', 'truncate 4096', 'fsync'], { release: '6.1.192', noHoles: true, nodatacow: false })
    const after = ended && mountAfterCrash(ended.session)
    expect(after && contentOf(after)).toEqual([[0, 4096, '00']])
  })
})
