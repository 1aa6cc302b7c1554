import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fstest } from '../repro/fstests.ts'
import { reproducer } from '../repro/program.ts'
import { needsProgram, shellScript } from '../repro/shell.ts'
import { sceneIds, sceneOf } from '../scenarios/scenes.ts'
import { parseScene } from '../scene/parse.ts'
import type { Scene } from '../scene/scene.ts'
import { examples } from '../testing/scene-examples.ts'

const folder = mkdtempSync(join(tmpdir(), 'repro-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined
const hasCompiler = has('cc')
const long = process.env['LONG'] === '1'

/** The scenes of the catalogue and of the language's specification, by name; of two with one name that of the catalogue. */
const scenes = new Map<string, Scene>()
for (const text of [...examples, ...(await Promise.all(sceneIds.map(sceneOf)))]) {
  const { scene, problems } = parseScene(text ?? '')
  if (problems.length > 0) throw new Error(problems[0]?.message)
  scenes.set(scene.name ?? '', scene)
}
const named = (name: string): Scene => scenes.get(name) ?? { name, statements: [] }

const warnings = ['-Wall', '-Wextra', '-Werror']

/** Compiles the scene's program, with every warning an error. */
function compiled(name: string, scene: Scene): string {
  const [source, binary] = [join(folder, `${name}.c`), join(folder, name)]
  writeFileSync(source, reproducer(scene))
  execFileSync('cc', ['-O2', '-pthread', ...warnings, '-o', binary, source])
  return binary
}

function ran(binary: string, ...args: readonly string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(binary, [...args, folder], { encoding: 'utf8', timeout: 60_000 })
  return { status, said: `${stdout}${stderr}` }
}

/** A file system without O_DIRECT, or a sandbox without io_uring, says so and is no failure of the program. */
const cannot = /no O_DIRECT|Function not implemented|ENOSYS|Operation not permitted|EPERM/

/** Programs that are run, with what each says whatever the kernel is; in the long run all are. */
const runs: readonly (readonly [name: string, says: RegExp])[] = [
  ['append-hole', /always size 64k \(so in \d+ of 20 rounds\)/],
  ['dio-short-read', /always S returns 8k \(so in \d+ of 20 rounds\)/],
  ['dio-csum', /never csum error \(so in \d+ of 20 rounds\)/],
  ['truncate-dio-read', /not seen by a program {2}never A reads stale/],
  ['two-fsyncs', /not looked at {2}always after power data \[0,4k\) A when A done/],
]
const others = [...scenes.keys()].flatMap((name) => (long && !runs.some(([one]) => one === name) ? [[name, /20 rounds/] as const] : []))

test.skipIf(!hasCompiler).for([...runs, ...others])(
  '%s: its program compiles without a warning, runs here, and speaks of the facts',
  { timeout: 60_000 },
  ([name, says], { skip }) => {
    const { status, said } = ran(compiled(name, named(name)), '-n', '20')
    skip(cannot.test(said), said)
    expect(said).toMatch(says)
    expect(status).toBeLessThan(2)
  },
)

test.skipIf(!hasCompiler)('the program of every scene has no warning', { timeout: 60_000 }, () => {
  for (const [name, scene] of scenes) {
    const source = join(folder, `only-${name}.c`)
    writeFileSync(source, reproducer(scene))
    execFileSync('cc', ['-fsyntax-only', ...warnings, source])
  }
})

// What stands in the file after -k is what -l finds, unless the power fails in between.
test.skipIf(!hasCompiler)(
  'what a power failure leaves is looked at with -l, in the file that -k has kept',
  { timeout: 60_000 },
  ({ skip }) => {
    const binary = compiled('kept', named('two-fsyncs'))
    const first = ran(binary, '-k')
    skip(cannot.test(first.said), first.said)
    expect(first.said).toMatch(/1 rounds[^]*not looked at {2}always after power data \[4k,8k\) B when B done/)
    const { status, said } = ran(binary, '-l')
    expect(said).toMatch(/holds +always after power data \[4k,8k\) B when B done \(so in 1 of 1 rounds\)/)
    expect(status).toBe(0)
  },
)

const every = [
  'A: open -das foo',
  'A: pwrite -b 4k 0 16k',
  'A: pwrite 0 4k -- via aio, dsync',
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
  compiled('every', scene)
})

test('a script is made where xfs_io suffices, and what it lacks is named elsewhere', () => {
  expect(needsProgram(named('append-hole'))).toMatch(/behind `--` of `pwrite`/)
  expect(needsProgram(named('dio-csum'))).toMatch(/no word of xfs_io/)
  const scene = named('fsync-overlap')
  expect(needsProgram(scene)).toBeNull()
  const script = shellScript(scene)
  execFileSync('bash', ['-n'], { input: script })
  // Without -b xfs_io writes 4k at a time, which would be another scene.
  expect(script).toContain('xfs_io -f -c "pwrite -q -S 0x44 -b 655360 0 655360"')
  expect(script).toContain('xfs_io -c "mmap -w 655360 131072" -c "mwrite -S 0x5a 782336 4096" "$file" > /dev/null &')
})

test.skipIf(!has('xfs_io'))('a script runs here and counts its facts', { timeout: 60_000 }, () => {
  const script = shellScript(named('fsync-overlap'))
  const { status, stdout } = spawnSync('bash', ['-s', '--', '-n', '3', folder], { input: script, encoding: 'utf8' })
  expect(stdout).toMatch('not seen by a script')
  expect(status).toBe(0)
})

/** What scripts may call: functions of common/preamble, exit, rc and dmflakey, and groups of doc/group-names.txt, as of xfstests 63a29724. */
const helpers =
  '_begin_fstest _cleanup _cleanup_flakey _exit _fail _fixed_by_kernel_commit _flakey_drop_and_remount _init_flakey _require_aio _require_dm_target _require_io_uring _require_metadata_journaling _require_odirect _require_scratch _require_test _require_test_program _require_xfs_io_command _scratch_mkfs _scratch_mount _scratch_unmount'.split(
    ' ',
  )
const fstestGroups = ['auto', 'quick', 'rw', 'aio', 'io_uring', 'mmap', 'log']

test.each([...scenes])('the test for fstests of %s calls what fstests has, and is in groups that it has', (_name, scene) => {
  const fixed = { commit: '939b656bc8ab', subject: 'btrfs: fix corruption after buffer fault in during direct IO append write' }
  const script = /^\+#! \/bin\/bash\n((?:\+.*\n)*)/m.exec(fstest(scene, fixed))?.[1] ?? ''
  const code = script.split('\n').filter((line) => !line.startsWith('+#'))
  const called = code.flatMap((line) => line.match(/(?<![\w$"./-])_[a-z]\w*/g) ?? [])
  expect(called.filter((one) => !helpers.includes(one))).toEqual([])
  const groups = code.flatMap((line) => /^\+_begin_fstest (.*)/.exec(line)?.[1]?.split(' ') ?? [])
  expect(groups.filter((one) => !fstestGroups.includes(one))).toEqual([])
  expect(called.length).toBeGreaterThan(4)
})

test.skipIf(!has('git'))('a test for fstests is a patch of three files: the program, the test that runs it, and the golden output', () => {
  const fixed = { commit: '939b656bc8ab', subject: 'btrfs: fix corruption after buffer fault in during direct IO append write' }
  for (const [name, scene] of scenes) {
    const tree = join(folder, `fstests-${name}`)
    mkdirSync(tree)
    execFileSync('git', ['init', '-q', tree])
    const patch = fstest(scene, fixed)
    execFileSync('git', ['apply'], { cwd: tree, input: patch })
    const path = /^\+\+\+ b\/(tests\/\S+\/999)$/m.exec(patch)?.[1] ?? ''
    const script = readFileSync(join(tree, path), 'utf8')
    execFileSync('bash', ['-n', join(tree, path)])
    accessSync(join(tree, path), constants.X_OK)
    expect(readFileSync(join(tree, `${path}.out`), 'utf8')).toBe('QA output created by 999\nSilence is golden\n')
    expect(script.split('\n')[1]).toBe('# SPDX-License-Identifier: GPL-2.0')
    expect(readFileSync(join(tree, 'src', `lockstep-${name}.c`), 'utf8')).toBe(`// SPDX-License-Identifier: MIT\n${reproducer(scene)}`)
  }
  const one = fstest(named('append-hole'), fixed)
  for (const line of [
    '+_begin_fstest auto quick rw',
    '+_require_test',
    '+_require_odirect',
    '+[ "$FSTYP" = "btrfs" ] && _fixed_by_kernel_commit 939b656bc8ab \\',
  ])
    expect(one.split('\n')).toContain(line)
  // mkfs options and power failures need the scratch device.
  const torn = fstest(named('fsync-torn'), null)
  for (const line of [
    '+_scratch_mkfs -O no-holes >> $seqres.full 2>&1 || _fail "mkfs failed"',
    '+\t_flakey_drop_and_remount',
    '+_require_scratch',
  ])
    expect(torn.split('\n')).toContain(line)
})
