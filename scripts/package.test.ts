// The package is tried as a stranger has it: the packed file, an empty folder, an empty home, no network.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { aboutUs, pack } from './package.mjs'

const root = join(import.meta.dirname, '..')

const folder = mkdtempSync(join(tmpdir(), 'lockstep-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the packed command line is installed and run in an empty folder, without a network and without a build', async () => {
  const packed = await pack(folder)
  const [home, empty] = [join(folder, 'home'), join(folder, 'empty')]
  for (const path of [home, empty]) mkdirSync(path)
  // Nothing of this project, of whoever runs the tests, or of the npm around them.
  const env = { HOME: home, PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter), npm_config_offline: 'true' }
  const run = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: empty, env, encoding: 'utf8' })
    return { status, stdout, stderr }
  }
  expect(run('npm', 'install', '--no-audit', '--no-fund', '--silent', packed)).toMatchObject({ status: 0 })
  const npx = run('npx', '--no-install', 'lockstep', 'run', 'append-hole', '--json')
  expect([npx.status, npx.stderr]).toEqual([0, ''])
  expect(JSON.parse(npx.stdout)).toMatchObject({ scenario: 'append-hole' })
  const program = join(empty, 'node_modules', 'lockstep', 'cli', 'main.mjs')
  expect(run(process.execPath, program, '--version')).toEqual({ status: 0, stdout: `${aboutUs().version}\n`, stderr: '' })
  // What is loaded late is there too.
  expect(run(program, 'text', 'dio-csum', '--genre', 'cpu').stdout).toMatch(/CPU/)
}, 120_000)

test('the changelog speaks of this version, and a release is made of it whole, with sums that hold', () => {
  const { name, version } = aboutUs()
  expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toContain(`\n## ${version}\n`)
  // Two builds and a search of every scenario: half a minute.
  if (!process.env['LONG']) return
  expect(spawnSync(process.execPath, [join(root, 'scripts/release.mjs')], { encoding: 'utf8' })).toMatchObject({ status: 0 })
  const release = join(root, 'out', 'release')
  for (const file of ['site/index.html', 'site/sw.js', 'site/embed/index.html', 'lockstep.html', `${name}-${version}.tgz`])
    expect([file, existsSync(join(release, file))]).toEqual([file, true])
  expect(spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: release, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stdout: '',
  })
}, 300_000)
