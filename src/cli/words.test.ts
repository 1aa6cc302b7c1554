/** What the command line says to what is asked wrongly: one line of its own, exit status 2, and never a stack trace. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'lockstep-'))
afterAll(() => rmSync(folder, { recursive: true }))

const lockstep = (...args: string[]) => spawnSync(process.execPath, [join(root, 'scripts/lockstep.mjs'), ...args], { encoding: 'utf8' })
const file = (name: string, ...lines: readonly string[]): string => {
  const path = join(folder, name)
  writeFileSync(path, lines.join('\n'))
  return path
}
const record = (cmd: string): string => JSON.stringify({ id: 'one', kernel: '6.1.192', steps: [{ cmd }] })

// The bundle is built once, before anything is spawned at the same time.
beforeAll(() => void lockstep('help'), 120_000)

describe('a command line that asks for what cannot be', () => {
  const asked: readonly (readonly [string, RegExp])[] = [
    ['run append-hole --kernel -1', /^lockstep: the kernel "-1" is not a release: write it as 6\.1 or 6\.10\.5$/],
    ['run append-hole --kernel', /^lockstep: --kernel needs a value: write --kernel K$/],
    ['run append-hole --kernel --json', /"--json" is another option/],
    ['run append-hole --kernel 6.1 --kernel 6.9', /--kernel is given twice, as "6\.1" and as "6\.9"/],
    ['run append-hole --set resident=4 --set resident=3', /--set resident is given twice, as "4" and as "3"/],
    ['run append-hole --patch 939b656bc8ab --no-patch 939b656', /--patch 939b656bc8ab and --no-patch .* contradict each other/],
    ['run append-hole --compare', /has no option --compare; it takes --kernel/],
    ['run append-hole --json=3', /--json takes no value/],
    ['explore --all --set resident=4', /--all explores every kernel and patch: leave --set out/],
    ['list append-hole', /list takes no name: leave "append-hole" out/],
    [
      'frobnicate',
      /there is no command "frobnicate"; choose one of list, run, explore, why, text, ops, read, scene, check, fmt, modelled, litmus, repro, help/,
    ],
    ['text append-hole --genre sonnet', /--genre cannot be "sonnet"; choose one of page, steps, cpu/],
    ['text append-hole --width 80', /--width cannot be "80"; choose one of 64, 72, 79/],
    ['text append-hole --from 9 --to 3', /--from 9 comes after --to 3: exchange them/],
    ['text append-hole --compare', /--compare needs a value: write --compare K~P/],
    ['ops', /Name a file of sequences/],
    ['read', /Name a file, or "-"/],
    ['read /nonexistent', /"\/nonexistent" cannot be read/],
    ['read README.md --json', /has no option --json; it takes none$/],
    ['read LICENSE', /line 1: "MIT License" begins nothing that can be read: paste what filefrag/],
    ['ops /nonexistent', /"\/nonexistent" cannot be read/],
    ['check', /which scene\? Name a file/],
    ['check LICENSE', /LICENSE: line 1: no line reads `lockstep 1`/],
    ['fmt /nonexistent', /"\/nonexistent" cannot be read/],
    ['modelled btrfs', /modelled takes no name: leave "btrfs" out/],
    ['litmus', /Name a file of programs/],
    ['ops /', /"\/" cannot be read/],
  ]
  it('is told so in one line, whatever it is', { timeout: 120_000 }, () => {
    for (const [line, says] of asked) {
      const { status, stdout, stderr } = lockstep(...line.split(' '))
      expect([line, status, stdout, stderr.trimEnd().split('\n').length]).toEqual([line, 2, '', 1])
      expect(stderr.trimEnd()).toMatch(says)
    }
  })

  it('gets help where it asks for that', { timeout: 60_000 }, () => {
    for (const line of ['--help', '-h', 'help', 'help run', 'run --help', 'explore append-hole -h']) {
      const { status, stdout, stderr } = lockstep(...line.split(' '))
      expect([line, status, stderr]).toEqual([line, 0, ''])
      expect(stdout).toMatch(/^usage: lockstep /)
    }
  })
})

describe('a file of sequences with damage', () => {
  it('is played line by line, each bad one named by number, value and remedy', { timeout: 60_000 }, () => {
    const path = file(
      'damaged.jsonl',
      '{"id":"cut',
      record('pwrite 0 x'),
      record('frobnicate 1'),
      record('falloc 0 1099511627776'),
      record('fsync'),
    )
    const { status, stdout, stderr } = lockstep('ops', path)
    expect(status).toBe(2)
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(path, 'FILE')),
    ).toEqual([
      expect.stringMatching(/^lockstep: FILE line 1: the line is no JSON, it begins with .*: was the file cut\?$/),
      'lockstep: FILE line 2 (one): step 1: the command "pwrite 0 x" has no length that can be read: write a number of bytes',
      'lockstep: FILE line 3 (one): step 1: there is no command "frobnicate" (in "frobnicate 1")',
    ])
    const played = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { steps: { ret: number; err?: string }[] })
    expect(played.map(({ steps: [step] }) => step?.err ?? step?.ret)).toEqual(['ENOSPC', 0])
  })
})

describe('an answer that is not read to its end', () => {
  const shell = (line: string) => spawnSync('/bin/sh', ['-c', line], { encoding: 'utf8', cwd: root })

  it('is no error', { timeout: 60_000 }, () => {
    const { stdout, stderr } = shell('node scripts/lockstep.mjs list --json | head -c 1; node scripts/lockstep.mjs list | head -n 1')
    expect(stdout.split('\n')).toHaveLength(2)
    expect(stderr).toBe('')
  })

  it.runIf(process.platform === 'linux')('or that the disk has no room for is told in one line', { timeout: 60_000 }, () => {
    const { status, stderr } = shell('node scripts/lockstep.mjs list > /dev/full')
    expect(status).toBe(2)
    expect(stderr).toMatch(/^lockstep: the answer could not be written: ENOSPC.*\n$/)
  })
})

describe('npm start', () => {
  it('refuses a PORT that is none before it installs or builds anything', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/start.mjs')], {
      encoding: 'utf8',
      env: { ...process.env, PORT: 'abc' },
    })
    expect([status, stderr]).toEqual([2, '[lockstep] PORT is "abc", which is no port: give a number from 1 to 65535, or leave it out\n'])
  })
})
