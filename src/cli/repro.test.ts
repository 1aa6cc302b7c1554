import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { reproducer } from '../repro/program.ts'
import { parseScene } from '../scene/parse.ts'

const folder = mkdtempSync(join(tmpdir(), 'repro-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const hasCompiler = spawnSync('cc', ['--version']).status === 0

/** Compiles the scene's program, with every warning an error, and runs it for some rounds. */
function asked(name: string, lines: string): { readonly status: number | null; readonly said: string } {
  const { scene, problems } = parseScene(`lockstep 1 ${name}\n${lines}\nend`)
  expect(problems).toEqual([])
  const [source, binary] = [join(folder, `${name}.c`), join(folder, name)]
  writeFileSync(source, reproducer(scene))
  execFileSync('cc', ['-O2', '-pthread', '-Wall', '-Wextra', '-Werror', '-o', binary, source])
  const { status, stdout, stderr } = spawnSync(binary, ['-n', '20', folder], { encoding: 'utf8', timeout: 60_000 })
  return { status, said: `${stdout}${stderr}` }
}

/** A file system without O_DIRECT, or a sandbox without io_uring, says so and is no failure of the program. */
const cannot = /no O_DIRECT|Function not implemented|ENOSYS|Operation not permitted|EPERM/

const runs: readonly (readonly [name: string, lines: string, says: RegExp])[] = [
  [
    'append-hole',
    'on btrfs 6.1\nA: open -da foo\nA: pwrite 0 64k -- buf absent\nnever hole [0,64k)\nalways size 64k',
    /always size 64k \(so in \d+ of 20 rounds\)/,
  ],
  [
    'dio-short-read',
    'on btrfs 5.16\nsetup: pwrite -S X 0 4k\nsetup: fsync\nsetup: pwrite -S Y 4k 4k\nsetup: fsync\nA: open -d foo\nA: pread 0 8k -- via uring, buf first 4k\nalways A returns 8k',
    /always A returns 8k \(so in \d+ of 20 rounds\)/,
  ],
  [
    'truncate-dio-read',
    'on btrfs 6.1\nsetup: pwrite -S X 0 64k\nsetup: sync\nA: open -d foo\nA: pread 0 64k\nB: truncate 16k\nB: truncate 64k\nsometimes A returns 16k\nnever A reads [0,4k) Z\noutcomes',
    /holds +never A reads \[0,4k\) Z \(so in 0 of 20 rounds\)/,
  ],
  [
    'two-fsyncs',
    'on btrfs 6.1\nsetup: falloc 0 8k\nsetup: sync\nA: pwrite 0 4k\nA: fsync\nB: pwrite 4k 4k\nB: fsync\nmay power\nalways after power data [0,4k) A when A done\nalways data [0,4k) A\nalways data [4k,8k) B',
    /not seen by a program {2}always after power data \[0,4k\) A when A done\n {2}holds {7}always data \[0,4k\) A \(so in 20 of 20 rounds\)/,
  ],
]

test.skipIf(!hasCompiler).for(runs)(
  '%s: its program compiles without a warning, runs here, and speaks of the facts',
  { timeout: 60_000 },
  ([name, lines, says], { skip }) => {
    const { status, said } = asked(name, lines)
    skip(cannot.test(said), said)
    expect(said).toMatch(says)
    expect(status).toBeLessThan(2)
  },
)

const every = [
  'A: open -das foo',
  'A: pwrite -b 4k 0 16k',
  'A: pread 0 4k -- nowait',
  'A: pread 0 4k -- via aio',
  'A: mmap -w 0 8k',
  'A: mwrite 0 4k',
  'A: mread 0 4k',
  'A: msync 0 4k',
  'A: munmap',
  'A: falloc -k 0 64k',
  'A: fpunch 0 4k',
  'A: fzero 0 4k',
  'A: fdatasync',
  'A: sync_range -b -w -a 0 4k',
  'A: syncfs',
  'A: sync',
  'A: close',
  'B: pwrite 0 4k -- dsync, buf shared',
  'C: memset B 0 4k',
  'B: pread 0 4k -- buf mapped 0',
]

test.skipIf(!hasCompiler)('every command of the language compiles', { timeout: 60_000 }, () => {
  const { scene, problems } = parseScene(
    `lockstep 1\non btrfs 6.1\nsetup: remount\n${every.join('\n')}\nmay writeback\nmay reclaim\nmay commit\nnever csum error\nalways B reads zeros\nend`,
  )
  expect(problems).toEqual([])
  writeFileSync(join(folder, 'every.c'), reproducer(scene))
  execFileSync('cc', ['-O2', '-pthread', '-Wall', '-Wextra', '-Werror', '-c', '-o', join(folder, 'every.o'), join(folder, 'every.c')])
})
