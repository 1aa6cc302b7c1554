/**
 * The command line as a package that runs where nothing else is: no dependencies, no build step, nothing fetched. The source itself is no
 * package and stays private; this is made of the bundle that `npm run lockstep` runs.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bundled, cliReach } from './bundle.mjs'
import { npm, root, SetupError } from './setup.mjs'

/** What the package brings besides its program. */
const BESIDE = ['README.md', 'CHANGELOG.md', 'LICENSE']

/** @typedef {{ name: string, version: string, description: string, license: string, type: string, engines: Record<string, string> }} About */

/** What package.json says of us. */
export const aboutUs = () => /** @type {About} */ (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

/**
 * Packs the command line into `folder` and returns the path of the package.
 * @param {string} folder
 */
export async function pack(folder) {
  const { name, version, description, license, type, engines } = aboutUs()
  const staged = join(folder, '.package')
  rmSync(staged, { recursive: true, force: true })
  mkdirSync(staged, { recursive: true })
  const main = await bundled('cli', cliReach)
  cpSync(dirname(main), join(staged, 'cli'), { recursive: true })
  writeFileSync(join(staged, 'cli', 'main.mjs'), `#!/usr/bin/env node\n${readFileSync(main, 'utf8')}`, { mode: 0o755 })
  for (const file of BESIDE) cpSync(join(root, file), join(staged, file))
  const about = { name, version, description, license, type, engines, bin: { lockstep: 'cli/main.mjs' }, files: ['cli', ...BESIDE] }
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(about, null, 2)}\n`)
  if (!npm(['pack', staged, '--pack-destination', folder, '--silent'], 'ignore')) throw new SetupError('the package could not be packed')
  rmSync(staged, { recursive: true })
  return join(folder, `${name}-${version}.tgz`)
}
