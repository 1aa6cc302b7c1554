// The package is tried as a stranger has it: the packed file, an empty folder, an empty home, no network.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { aboutUs, pack } from './package.mjs'

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
