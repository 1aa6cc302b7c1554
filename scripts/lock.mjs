/**
 * Completes package-lock.json after `npm install`: a registry that lacks the builds of a tool for other platforms leaves them out, and
 * `npm ci` then refuses the file, here and everywhere. `node scripts/lock.mjs` adds the missing names, with the version that their owner asks for.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './setup.mjs'

/** @typedef {{ version?: string, integrity?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} Entry */
/** @typedef {{ packages: Record<string, Entry> }} Lock */

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/**
 * The optional packages that some package names and the lock file lacks.
 * @param {Lock} lock
 * @returns {[path: string, entry: Entry][]}
 */
export function missing(lock) {
  return Object.values(lock.packages).flatMap((owner) =>
    Object.entries(owner.optionalDependencies ?? {})
      .filter(([name, version]) => /^\d/.test(version) && !lock.packages[`node_modules/${name}`])
      .map(([name, version]) => /** @type {[string, Entry]} */ ([`node_modules/${name}`, entryOf(owner, name, version)])),
  )
}

/**
 * Platform packages carry their platform in their name: `@oxlint/binding-linux-arm64-musl`.
 * @param {Entry} owner @param {string} name @param {string} version
 * @returns {Entry}
 */
function entryOf(owner, name, version) {
  const words = name.split(/[/-]/)
  const system = SYSTEMS.find((one) => words.includes(one))
  const processor = PROCESSORS.find((one) => words.includes(one))
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') && system === 'linux' ? 'glibc' : null
  return {
    version,
    ...(processor ? { cpu: [processor] } : {}),
    ...(owner.dev ? { dev: true } : {}),
    ...(libc ? { libc: [libc] } : {}),
    optional: true,
    ...(system ? { os: [system] } : {}),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = join(root, 'package-lock.json')
  const lock = /** @type {Lock} */ (JSON.parse(readFileSync(file, 'utf8')))
  const added = missing(lock)
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(added) }).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(file, JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2) + '\n')
  console.log(`${added.length} added`)
}
