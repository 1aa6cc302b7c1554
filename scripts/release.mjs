/**
 * `npm run release`: everything that is handed out, in `out/release`: the site, the same as one file, the command line as a package, and
 * the checksums of all of it (`sha256sum -c SHA256SUMS`).
 */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { ensureNode, ensurePackages, ensureWritable, root, say, SetupError } from './setup.mjs'
import { aboutUs, pack } from './package.mjs'

const release = join(root, 'out', 'release')

try {
  await make()
} catch (error) {
  console.error(
    `[lockstep] ${error instanceof SetupError ? error.message : `no release: ${error instanceof Error ? error.message : String(error)}`}`,
  )
  process.exit(1)
}

async function make() {
  ensureNode()
  ensureWritable()
  ensurePackages()
  const { version } = aboutUs()
  const log = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  if (!log.includes(`\n## ${version}`))
    throw new SetupError(`CHANGELOG.md says nothing about ${version}: write what has changed, or set the version back`)
  // A release publishes its links: what they mean is kept from then on.
  if (Number(version.split('.')[0]) >= 1 && !existsSync(join(root, 'src', 'testing', 'promises.json')))
    throw new SetupError('nothing says what this release promises: `npm run seal` writes it')
  rmSync(release, { recursive: true, force: true })
  mkdirSync(release, { recursive: true })
  const { build } = await import('vite')
  say(`building the site of ${version}`)
  await build({ root, logLevel: 'warn', build: { outDir: join(release, 'site') } })
  say('building one file')
  await build({ root, mode: 'single', logLevel: 'warn', build: { outDir: join(release, 'single') } })
  copyFileSync(join(release, 'single', 'lockstep.html'), join(release, 'lockstep.html'))
  rmSync(join(release, 'single'), { recursive: true })
  say('packing the command line')
  await pack(release)
  copyFileSync(join(root, 'CHANGELOG.md'), join(release, 'CHANGELOG.md'))
  writeFileSync(join(release, 'SHA256SUMS'), sums())
  say(`${release} holds the release`)
}

/** As `sha256sum` prints and reads them. */
function sums() {
  return readdirSync(release, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => `${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${relative(release, file).split(sep).join('/')}\n`)
    .join('')
}
