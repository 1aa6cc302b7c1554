/** The table of scenarios in the README is made of their cards by `npm run generate`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { catalog } from './catalog.ts'

const file = join(import.meta.dirname, '../../README.md')
const head = '| scenario | shows |\n| --- | --- |\n'

const rows = catalog.map(({ id, title, summary }) => `| \`${id}\` | ${title}. ${summary} |\n`).join('')

/** The README with this table in the place of the one it has. */
function withTable(text: string): string {
  const from = text.indexOf(head) + head.length
  const to = text.indexOf('\n\n', from) + 1
  return `${text.slice(0, from)}${rows}${text.slice(to)}`
}

it('lists every scenario in the words of its card; if not, run `npm run generate`', () => {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(head)
  if (process.env['UPDATE'] === '1') writeFileSync(file, withTable(text))
  expect(withTable(readFileSync(file, 'utf8'))).toBe(readFileSync(file, 'utf8'))
})
