/** The words in which this project is written are not those in which it speaks to a reader. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'
import { catalog } from '../scenarios/catalog.ts'
import { loadNotes, scenarioIds } from '../scenarios/registry.ts'

/** What a reader would have to be told, and what is said for it. */
const denied: readonly (readonly [word: RegExp, instead: string])[] = [
  [/\boracles?\b/i, 'a rule'],
  [/\bbeats?\b/i, 'a moment'],
  [/\bstamps?\b/i, 'a letter, or what the data are'],
  [/\bdoom(?:ed)?\b/i, 'every way to go on violates'],
  [/\bnoted\b/i, 'not so, as it need not be'],
  [/\(not counted\)/i, 'watched: it need not hold'],
  [/\bleft lines?\b|\blines? (?:that was )?left\b/i, 'a run that was left'],
  [/\bparting\b/i, 'where the two part'],
  [/\blegal\b/i, 'what may be left'],
  [/\bfrontier\b/i, 'states to look at'],
  [/\bkeep-lock\b|\bresident2\b|\blogleaf\b/, 'the label of the setting, the id of the commit'],
  [/\bW_\w+/, 'a sentence about the window'],
]

const wrong = (text: string): string[] => denied.flatMap(([word, instead]) => (word.test(text) ? [`${text.trim()} (say: ${instead})`] : []))

const root = join(import.meta.dirname, '..')
const spoken = ['app', 'narrate', 'lenses', 'cli', 'worker']

const sources = spoken.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|gallery/.test(file))
    .map((file) => join(root, folder, file)),
)

type Node = Readonly<Record<string, unknown>> & { readonly type: string }

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

/** Text of the markup, and strings with a space in them: names of kinds and ids have none. */
function sentencesIn(node: Node): string[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'TSLiteralType':
      return []
    case 'JSXAttribute':
      if (/^(?:className|d|viewBox)$/.test(String((node['name'] as Node)['name']))) return []
      break
    case 'JSXText':
      return [String(node['value'])]
    case 'Literal':
      return typeof node['value'] === 'string' && /\s/.test(node['value']) ? [node['value']] : []
    case 'TemplateElement': {
      const { cooked } = node['value'] as { readonly cooked: string }
      return /\s/.test(cooked) ? [cooked] : []
    }
  }
  return Object.values(node).flatMap((child) => (Array.isArray(child) ? child : [child]).filter(isNode).flatMap(sentencesIn))
}

it('the page, the pictures and the terminal speak without them', () => {
  const found = sources.flatMap((path) =>
    sentencesIn(parseSync(path, readFileSync(path, 'utf8')).program as unknown as Node).flatMap((text) =>
      wrong(text).map((says) => `${path.slice(root.length + 1)}: ${says}`),
    ),
  )
  expect(found).toEqual([])
})

describe.each(scenarioIds)('%s', (id) => {
  it('is told without them', async () => {
    const card = catalog.find((one) => one.id === id)
    const notes = await loadNotes(id)
    // What people wrote to lists is theirs.
    const texts = JSON.stringify([card, { ...notes, board: null, history: [], sources: [] }], (key, value: unknown) =>
      key === 'asked' || key === 'schedule' || key === 'kind' ? null : value,
    )
    const strings = [...texts.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text ?? '').filter((text) => text.includes(' '))
    expect(strings.flatMap(wrong)).toEqual([])
  })
})
