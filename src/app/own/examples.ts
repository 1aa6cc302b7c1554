/** The scenes that the menu offers; each file teaches one idea, which its first comment says. */
const texts = import.meta.glob<string>('../../scene/examples/*.lockstep', { query: '?raw', import: 'default', eager: true })

export interface Example {
  readonly name: string
  /** Its first comment, in one line. */
  readonly teaches: string
  readonly text: string
}

/** In the order in which a newcomer should meet them; whatever is not named here comes behind. */
const order = [
  'start-here',
  'two-writers',
  'append-hole',
  'two-fsyncs',
  'truncate-dio-read',
  'replace-by-truncate',
  'fsync-overlap',
  'dio-short-read',
]

const nameOf = (path: string): string => /([^/]+)\.lockstep$/.exec(path)?.[1] ?? path
const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length)

/** What the comment above the kernel says. */
export function teachesOf(text: string): string {
  const lines = text.split('\n')
  const from = lines.findIndex((line) => line.startsWith(';'))
  const rest = lines.slice(from).findIndex((line) => !line.startsWith(';'))
  return from < 0
    ? ''
    : lines
        .slice(from, from + rest)
        .map((line) => line.slice(1).trim())
        .join(' ')
}

export const examples: readonly Example[] = Object.entries(texts)
  .map(([path, text]) => ({ name: nameOf(path), text, teaches: teachesOf(text) }))
  .sort((a, b) => place(a.name) - place(b.name) || a.name.localeCompare(b.name))
