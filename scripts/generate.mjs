/**
 * `npm run generate`: makes every list anew that follows from the scenarios: the cards in one file, what links to a scenario mean, short names, the corpus
 * of links, runs found by search for variants, the table of the README, pictures and releases on the cards of the home page, verdicts that pages bring along. Each of the latter is
 * written by the test that also holds it to what it was made of; this gives them leave to write. `npm run generate <scenario>` searches for that
 * scenario only. `npm run seal` (`--seal`) publishes what is recorded: from then on the records of links, names, revisions and scenes only grow.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureNode, root, SetupError } from './setup.mjs'

const scenarios = join(root, 'src', 'scenarios')

/** The tests that own a derived file, in an order in which each finds what it needs. */
const owners = [
  'src/scenarios/found.test.ts',
  'src/scenarios/revisions.test.ts',
  'src/store/link/short-names.test.ts',
  'src/store/link/corpus.test.ts',
  'src/scene/links.test.ts',
  'src/own/links.test.ts',
  'src/scenarios/tries.test.ts',
  'src/scenarios/readme.test.ts',
  'src/app/home/shown.test.ts',
  'src/store/search/worked-out.test.ts',
]

/** The test that knows what is published. */
const sealer = 'src/testing/promises.test.ts'
const seals = process.argv.includes('--seal')

/** Folders with a card; `_template` is none. */
const ids = readdirSync(scenarios, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_') && existsSync(join(scenarios, entry.name, 'card.ts')))
  .map((entry) => entry.name)
  .sort()

/** One import a card, by its folder's name: no bundler's help is needed to read it. */
function writeCards() {
  const name = (/** @type {string} */ id) => id.replace(/-\w/g, (match) => match.slice(1).toUpperCase())
  const lines = [
    '/** The card of every folder here, made by `npm run generate`. */',
    ...ids.map((id) => `import { card as ${name(id)} } from './${id}/card.ts'`),
    '',
    'export const cards = {',
    ...ids.map((id) => (name(id) === id ? `  ${id},` : `  '${id}': ${name(id)},`)),
    '} as const',
    '',
  ]
  writeFileSync(join(scenarios, 'cards.generated.ts'), lines.join('\n'))
}

/** A scenario without searches so far needs the file that says so. */
function writeMissing() {
  for (const id of ids) {
    const found = join(scenarios, id, 'found.json')
    if (!existsSync(found)) writeFileSync(found, '{}\n')
  }
}

try {
  ensureNode()
  if (!seals) {
    writeCards()
    writeMissing()
  }
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  if (!existsSync(vitest)) throw new SetupError('the packages are not installed; run `npm ci` first')
  for (const owner of seals ? [sealer] : owners) {
    const { status } = spawnSync(process.execPath, [vitest, 'run', '--reporter=dot', '--passWithNoTests', owner], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, UPDATE: seals ? 'seal' : '1', ONLY: seals ? '' : (process.argv[2] ?? '') },
    })
    if (status !== 0) throw new SetupError(`${owner} cannot write what it owns; see above`)
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(`[lockstep] ${error.message}`)
  process.exit(1)
}
