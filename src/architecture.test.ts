// A newcomer who puts code into the wrong folder learns it from a test that names the rule.
// Method: parse every source file, map both ends of each import to a layer, look the pair up in the tables below.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { expect, test } from 'vitest'
import { parseSync, Visitor } from 'vite'
import { fileSystems } from './kernel/systems.ts'

const src = import.meta.dirname

interface Layer {
  /** What it may import besides itself: a layer, or one file of a layer. */
  readonly imports: readonly string[]
  /** What it may import for its types alone. */
  readonly types?: readonly string[]
  readonly packages?: RegExp
}

const layers: Readonly<Record<string, Layer>> = {
  // The version is said once, outside.
  base: { imports: [], packages: /\/package\.json$/ },
  picture: { imports: ['base'] },
  paste: { imports: ['base'] },
  // What mail does to a text is undone in one place; tables, steps and logs that become scenes are read in one.
  scene: { imports: ['paste', 'base'] },
  engine: { imports: ['base'] },
  kernel: { imports: ['engine', 'picture', 'base'] },
  scenarios: { imports: ['kernel', 'engine', 'picture', 'base'] },
  narrate: { imports: ['picture', 'engine', 'base'], types: ['worker/protocol', 'scenarios/card'] },
  repro: { imports: ['scene', 'base'] },
  own: {
    imports: ['scene', 'scenarios/scenario', 'scenarios/beat', 'scenarios/cards', 'kernel', 'engine', 'picture', 'base'],
    types: ['scenarios/card'],
  },
  worker: {
    imports: [
      'scenarios/registry',
      'scenarios/beat',
      'scenarios/claim',
      'scenarios/run',
      'scenarios/switches',
      'scenarios/documents',
      'scenarios/recordings',
      'scenarios/release-line',
      'scenarios/why',
      'kernel/pasted',
      'own',
      'scene',
      'engine',
      'narrate',
      'picture',
      'base',
    ],
    types: ['scenarios/card', 'scenarios/scenario', 'scenarios/notes'],
  },
  store: {
    imports: ['worker', 'scene', 'scenarios/catalog', 'scenarios/switches', 'base'],
    types: ['engine', 'picture', 'scenarios/card', 'scenarios/notes'],
    packages: /^zustand(\/|$)/,
  },
  lenses: { imports: ['picture', 'base'], packages: /^(react|react-dom|d3)(\/|$)/ },
  app: {
    imports: [
      'lenses',
      'store',
      'narrate',
      'paste',
      'scene',
      'scenarios/catalog',
      'scenarios/scenes',
      'scenarios/switches',
      'picture',
      'base',
    ],
    types: ['engine/view', 'worker/protocol', 'scenarios/card', 'scenarios/notes'],
    packages: /^(react|react-dom|react-router|zustand)(\/|$)/,
  },
  cli: {
    imports: ['worker/text-view', 'own', 'repro', 'scene', 'scenarios', 'kernel', 'engine', 'narrate', 'paste', 'picture', 'base'],
    types: ['worker/protocol'],
    packages: /^node:/,
  },
  // Processes whose start is measured start as the command line does.
  bench: { imports: ['scenarios', 'kernel', 'engine', 'narrate', 'cli/delay', 'base'], packages: /^(node:|vite$|playwright)/ },
}

/** The one file that puts the parts together may see the parts. */
const alsoImports: Readonly<Record<string, readonly string[]>> = { 'app/main.tsx': ['worker/late-client', 'worker/started'] }

/** Layers whose folders are plug-ins: a folder may import only these of its siblings. Files directly in the layer are for all of them. */
const siblings: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  kernel: {
    lib: [],
    mm: ['lib'],
    block: ['mm', 'lib'],
    vfs: ['mm', 'block', 'lib'],
    iomap: ['mm', 'vfs', 'block', 'oracles', 'lib'],
    oracles: ['mm', 'vfs', 'block', 'lib'],
    ...Object.fromEntries(fileSystems.map(({ id }) => [id, ['mm', 'vfs', 'block', 'iomap', 'oracles', 'lib']])),
  },
  scenarios: {},
}

/** Longer files have more than one concept in them. */
const LINES_MAX = 500

interface Import {
  readonly target: string
  readonly typeOnly: boolean
}

/** Every file of a layer; tests and what only tests use may import anything. */
function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && !path.startsWith(`testing${sep}`))
    .map((path) => join(src, path))
    .sort()
}

/** All that a file imports, in each of the ways there are to say so. */
function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const { program, errors, module } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message ?? ''}`)
  const found: Import[] = []
  const add = (target: string, typeOnly: boolean): void => {
    found.push({ target: /^\.\.?\//.test(target) ? resolve(dirname(file), target) : target, typeOnly })
  }
  for (const { moduleRequest, entries } of module.staticImports) {
    add(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType))
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) if (moduleRequest) add(moduleRequest.value, isType)
  }
  new Visitor({
    ImportExpression(node) {
      if (node.source.type === 'Literal') add(String(node.source.value), false)
    },
    TSImportType(node) {
      add(node.source.value, true)
    },
    // new URL('./worker.ts', import.meta.url)
    NewExpression(node) {
      const [first] = node.arguments
      const named = node.callee.type === 'Identifier' && node.callee.name === 'URL' && first?.type === 'Literal'
      if (named && typeof first.value === 'string' && first.value.startsWith('.')) add(first.value, false)
    },
  }).visit(program)
  return found
}

/** Why `file` may not import that, or null. */
function complaint(file: string, { target, typeOnly }: Import): string | null {
  const [layer = '', slice = ''] = relative(src, file).split(sep)
  const rules = layers[layer]
  if (!rules) return `src/${layer} is no layer; add it to the table in src/architecture.test.ts, or move the file`
  if (!target.startsWith(src + sep)) return rules.packages?.test(target) ? null : `${layer} may not use the package ${target}`
  const [toLayer = '', toSlice = ''] = relative(src, target).split(sep)
  if (layer === toLayer) return siblingComplaint(layer, slice, toSlice)
  const names = [toLayer, `${toLayer}/${toSlice.replace(/\.tsx?$/, '')}`]
  const here = [...rules.imports, ...(alsoImports[relative(src, file).split(sep).join('/')] ?? [])]
  const allowed = typeOnly ? [...here, ...(rules.types ?? [])] : here
  if (names.some((name) => allowed.includes(name))) return null
  const asType = names.some((name) => rules.types?.includes(name)) ? ' except as a type (`import type`)' : ''
  return `${layer} may not import ${names[1]}${asType}`
}

function siblingComplaint(layer: string, from: string, to: string): string | null {
  const table = siblings[layer]
  const isFile = (name: string): boolean => /\.\w+$/.test(name)
  // The registry and the catalogue are the places that know every plug-in.
  if (!table || from === to || isFile(from) || isFile(to)) return null
  if (layer === 'kernel' && !(from in table)) return `kernel/${from} is not in the table of siblings`
  return table[from]?.includes(to) ? null : `${layer}/${from} may not import its sibling ${layer}/${to}`
}

/** A file's name as it is printed, and its text. */
const sources = (): { name: string; text: string }[] =>
  sourceFiles().map((file) => ({ name: relative(src, file), text: readFileSync(file, 'utf8') }))

test('every import goes down the layer table', () => {
  const complaints = sourceFiles().flatMap((file) =>
    importsOf(file).flatMap((one) => {
      const why = complaint(file, one)
      const target = one.target.startsWith(src) ? relative(src, one.target) : one.target
      return why ? [`${relative(src, file)} -> ${target}: ${why}`] : []
    }),
  )
  expect(complaints).toEqual([])
})

/** The files that a file can reach by its imports, itself among them if it is on a circle; the shortest such circle, or null. */
function circleOf(start: string, imports: ReadonlyMap<string, readonly string[]>): string[] | null {
  const from = new Map<string, string>()
  const reached = [start]
  for (const file of reached)
    for (const target of imports.get(file) ?? []) {
      if (target === start) {
        const circle = [start]
        for (let at: string | undefined = file; at !== undefined && at !== start; at = from.get(at)) circle.unshift(at)
        return [start, ...circle]
      }
      if (from.has(target)) continue
      from.set(target, file)
      reached.push(target)
    }
  return null
}

test('no file imports itself by way of others, not even for a type', () => {
  const name = (file: string): string => relative(src, file).split(sep).join('/')
  const imports = new Map(sourceFiles().map((file) => [name(file), importsOf(file).map(({ target }) => name(target))]))
  const circles = [...imports.keys()].flatMap((file) => {
    const circle = circleOf(file, imports)
    // A circle is told once, from the first of its files.
    return circle && circle.every((other) => file <= other) ? [circle.join(' -> ')] : []
  })
  expect(circles).toEqual([])
  expect(
    circleOf(
      'a',
      new Map([
        ['a', ['b', 'c']],
        ['b', ['c']],
        ['c', ['d']],
        ['d', ['a']],
      ]),
    ),
  ).toEqual(['a', 'c', 'd', 'a'])
})

test('the table is awake: what it forbids is noticed', () => {
  const at = (path: string): string => join(src, path)
  const says = (from: string, target: string, typeOnly = false): string | null => complaint(at(from), { target, typeOnly })
  expect(says('engine/search.ts', at('kernel/mm/folio.ts'))).toMatch('engine may not import kernel/mm')
  expect(says('kernel/mm/folio.ts', at('kernel/btrfs/inode.ts'))).toMatch('kernel/mm may not import its sibling kernel/btrfs')
  expect(says('kernel/iomap/dio.ts', at('kernel/mm/folio.ts'))).toBeNull()
  expect(says('kernel/btrfs/inode.ts', at('kernel/patches.ts'))).toBeNull()
  expect(says('scenarios/append-hole/scenario.ts', at('scenarios/dio-csum/scenario.ts'))).toMatch('sibling')
  expect(says('store/store.ts', at('engine/view.ts'), true)).toBeNull()
  expect(says('store/store.ts', at('engine/view.ts'))).toMatch('except as a type')
  expect(says('app/main.tsx', at('scenarios/catalog.ts'))).toBeNull()
  expect(says('app/main.tsx', at('scenarios/registry.ts'))).toMatch('app may not import scenarios/registry')
  expect(says('kernel/mm/folio.ts', 'd3')).toMatch('kernel may not use the package d3')
})

test('an oracle knows neither the bug nor the fix', () => {
  const isOracle = (path: string): boolean => /^kernel\/oracles\/|^kernel\/.*\/(oracles.*|shown)\.ts$/.test(path)
  const oracles = sourceFiles().filter((file) => isOracle(relative(src, file).split(sep).join('/')))
  // Every file system has some, and the common ones are among them.
  expect(oracles.length).toBeGreaterThan(10)
  const complaints = oracles.flatMap((file) => {
    const name = relative(src, file)
    const commits = readFileSync(file, 'utf8').match(/\b(?=[0-9a-f]*\d)[0-9a-f]{12}\b/g) ?? []
    const patches = importsOf(file).filter(({ target }) => /\bpatch(es)?\b/.test(relative(src, target)))
    return [
      ...commits.map((id) => `${name} names the commit ${id}`),
      ...patches.map(({ target }) => `${name} imports ${relative(src, target)}`),
    ]
  })
  expect(complaints).toEqual([])
})

test('no source file is longer than a reader can hold', () => {
  const long = sources().flatMap(({ name, text }) => {
    const lines = text.split('\n').length - 1
    return lines > LINES_MAX ? [`${name} has ${lines} lines; split it at a concept, ${LINES_MAX} is the most`] : []
  })
  expect(long).toEqual([])
})

test('no source file names a place on somebody’s machine', () => {
  const places = /(?<![\w.])(\/(?:home|root|Users|work)\/[\w.-]+|[A-Z]:\\Users)/g
  const found = sources().flatMap(({ name, text }) => [...text.matchAll(places)].map((match) => `${name}: ${match[0]}`))
  expect(found).toEqual([])
})
