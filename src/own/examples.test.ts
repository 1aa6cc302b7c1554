/** The scenes that the menu of the editor offers: each teaches what its first comment says, and the model has to bear that out. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reduce } from '../engine/reduce.ts'
import { parseScene } from '../scene/parse.ts'
import { printScene } from '../scene/print.ts'
import { factAnswers } from './answer.ts'
import { stageScene } from './system.ts'

const folder = join(import.meta.dirname, '../scene/examples')
const textOf = (name: string): string => readFileSync(join(folder, `${name}.lockstep`), 'utf8')
const names = readdirSync(folder).map((file) => file.replace('.lockstep', ''))

/** What becomes of each claim, in the order of the text, and of how many ends there are; and why. */
const promised: Readonly<
  Record<string, { readonly answers: readonly string[]; readonly ends?: number; readonly fix?: string; readonly long?: true }>
> = {
  // Either call can be the last: 8k, or 4k.
  'start-here': { answers: ['broken'], ends: 2 },
  // The inode lock is held from the first page to the last (facts buffered 1).
  'two-writers': { answers: ['holds'], ends: 2 },
  // generic_write_checks() is under the inode lock: the second append begins where the first one ended.
  'two-appends': { answers: ['holds', 'holds'], ends: 2 },
  // filemap_read() takes no lock of the inode: all old, all new, or old and then new. Not new and then old: both go from the first page on.
  'read-meets-write': { answers: ['reachable', 'reachable'] },
  // What fsync promises, and what nobody promises before it has returned.
  'what-fsync-promises': { answers: ['holds', 'reachable', 'holds'] },
  // sync_file_range(2): "does not write out the file's metadata".
  'sync-range-is-no-fsync': { answers: ['broken'] },
  // generic_write_sync() of RWF_DSYNC.
  'dsync-write': { answers: ['holds'] },
  // fpunch drops the pages before it drops the extents, under i_mmap_lock (facts btrfs punch).
  'punch-meets-store': { answers: ['reachable', 'reachable', 'holds', 'holds'] },
  // The bug of dio-csum: nothing forbids the store while the bio is on its way.
  'buffer-changes': { answers: ['broken'] },
  // The bug of dio-mmap-deadlock; 51bd9563b678 takes the page fault out of the locked range.
  'reads-into-itself': { answers: ['broken'], fix: '51bd9563b678' },
  'opens-in-the-middle': { answers: ['reachable', 'reachable'] },
  // Seen on 6.1.192 and 6.12.117, see seen.test.ts.
  'punched-comes-back': { answers: ['broken'] },
  'preallocation-cut': { answers: ['broken'] },
  'append-hole': { answers: ['broken', 'broken'], fix: '939b656bc8ab' },
  'dio-short-read': { answers: ['broken'], fix: 'ca93e44bfb5f' },
  'truncate-dio-read': { answers: ['reachable', 'holds'] },
  'replace-by-truncate': { answers: ['reachable'] },
  'fsync-overlap': { answers: ['broken', 'broken'], long: true },
  // Facts fsync-log-tree 3.10: log transaction 0 counts as written from the beginning, so the second fsync is skipped.
  'two-fsyncs': { answers: ['broken', 'broken'], fix: 'log-before-skip', long: true },
}

test('every example has a promise', () => expect([...names].sort()).toEqual(Object.keys(promised).sort()))

test.each(names)('%s is canonical, begins with what it teaches, and has its own name', (name) => {
  const { scene, problems } = parseScene(textOf(name))
  expect(problems).toEqual([])
  expect(printScene(scene)).toBe(textOf(name))
  expect(scene.name).toBe(name)
  expect(scene.statements[0]?.kind).toBe('comment')
})

const asked = (text: string) => {
  const staged = stageScene(parseScene(text).scene)
  if (!('system' in staged)) throw new Error(staged.map(({ line, message }) => `line ${line}: ${message}`).join('; '))
  const reduced = reduce(staged.system, { maxStates: 400_000 })
  expect(reduced.complete).toBe(true)
  return { answers: factAnswers(staged, reduced).map(({ answer }) => answer), ends: reduced.outcomes.length }
}

const some = Object.entries(promised).filter(([, { long }]) => !long || process.env['LONG'] === '1')

test.each(some)('%s says what it promises', { timeout: 120_000 }, (name, { answers, ends }) => {
  const found = asked(textOf(name))
  expect({ name, answers: found.answers }).toEqual({ name, answers })
  expect(ends ?? found.ends).toBe(found.ends)
})

test.each(some.flatMap(([name, { fix, answers }]) => (fix === undefined ? [] : [[name, fix, answers] as const])))(
  'every claim of %s holds with %s',
  (name, fix, answers) => expect(asked(textOf(name).replace(/^(on \S+ \S+)/m, `$1 +${fix}`)).answers).toEqual(answers.map(() => 'holds')),
)
