import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { examples } from '../testing/scene-examples.ts'
import { scenes } from '../testing/scenes.ts'
import { packedPayload, sceneOfPacked } from './packed.ts'
import { parseScene } from './parse.ts'
import { printScene } from './print.ts'
import { readablePayload, sceneOfReadable } from './readable.ts'
import type { Scene } from './scene.ts'

const long = process.env['LONG'] !== undefined
const runs = long ? 5000 : 60
vi.setConfig({ testTimeout: long ? 900_000 : 30_000 })

/** What a scene says, without where its lines stood. */
const said = ({ name, statements }: Scene): unknown => ({ name, statements: statements.map((one) => ({ ...one, line: 0 })) })
const silent = ({ name, statements }: Scene): Scene => ({
  name,
  statements: statements.flatMap((one) => (one.kind === 'comment' ? [] : [{ ...one, line: 0, comment: null }])),
})
const parsed = (text: string): Scene => {
  const { scene, problems } = parseScene(text)
  expect({ text, problems }).toEqual({ text, problems: [] })
  return scene
}

test('what was printed is read back to the same, within 72 columns, without an equals sign, and printed again as it was', () => {
  fc.assert(
    fc.property(scenes, (scene) => {
      const text = printScene(scene)
      expect(text.split('\n').filter((line) => line.length > 72 && line.includes(' ', 3))).toEqual([])
      expect(text).not.toMatch(/=|^#|^---|[ \t]$/m)
      const read = parsed(text)
      expect(said(silent(read))).toEqual(said(silent(scene)))
      expect(printScene(read)).toBe(text)
    }),
    { numRuns: runs },
  )
})

test('a link of either form gives the scene back; only comments stay behind', () => {
  fc.assert(
    fc.property(scenes, (scene) => {
      const [readable, packed] = [readablePayload(scene), packedPayload(scene)]
      expect(readable).toMatch(/^[A-Za-z0-9/._~-]+\/end$/)
      expect(packed).toMatch(/^[A-Za-z0-9]+$/)
      expect(said(silent(sceneOfReadable(readable)))).toEqual(said(silent(scene)))
      expect(said(silent(sceneOfPacked(packed)))).toEqual(said(silent(scene)))
    }),
    { numRuns: runs },
  )
})

test('a packed link with one letter changed or lost is refused', () => {
  const payload = packedPayload(parsed('lockstep 1\non btrfs 6.1\nA: pwrite 0 64k\nnever hole [0,64k)\nend\n'))
  const damaged = [...payload].flatMap((one, at) => [
    payload.slice(0, at) + payload.slice(at + 1),
    payload.slice(0, at) + (one === 'x' ? 'y' : 'x') + payload.slice(at + 1),
  ])
  // One in 3844 damages has the same check, and few of those are whole scenes.
  for (const text of damaged) expect(() => sceneOfPacked(text)).toThrow(/^the scene in this link/)
})

test('the examples of the specification are read, and their links have the length that was promised: most under 78 characters', () => {
  const lengths = examples.map((text) => packedPayload(parsed(text)).length).sort((a, b) => a - b)
  expect(lengths.at(-2)).toBeLessThan(78)
  for (const text of examples) expect(packedPayload(parsed(text)).length).toBeLessThan(readablePayload(parsed(text)).length)
})

/** What mails do to a text that was sent as it should be. */
const quote = (depth: number) => (text: string) => text.replace(/^/gm, `${'> '.repeat(depth)}`)
/** Lines that go on in the next one: what is sent last, whatever was done before. */
const quotedPrintable = (text: string): string => text.replace(/(.{60}[^\n]*?) (?=\S)/g, '$1 =\n')
const damages: readonly ((text: string) => string)[] = [
  quote(1),
  quote(3),
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll(' ', '\u00a0'),
  (text) => text.replace(/^/gm, '    '),
  (text) => text.replaceAll('\n', '\n\n'),
  quotedPrintable,
  // A mailer that wraps at 64 columns, where no comment is.
  (text) =>
    text
      .split('\n')
      .map((line) =>
        line.includes(';')
          ? line
          : line.replace(
              /^(.{30,63}) (?=[^A-Z\s][^\s:]* ?)(?!on\b|may\b|run\b|end\b|mount\b|mkfs\b|never\b|always\b|sometimes\b|outcomes\b|lockstep\b|setup\b)/,
              '$1\n',
            ),
      )
      .join('\n'),
  (text) => `Hi,\n\nthis shows it:\n\n${text}\nRegards\n-- \nsomebody\n`,
]

test('a scene survives quoting, wrapping, line ends, blanks, indentation and a mail around it, alone or two at once', () => {
  fc.assert(
    fc.property(scenes, fc.constantFrom(...damages), fc.constantFrom(...damages), (scene, one, other) => {
      const [first, second] = one === quotedPrintable ? [other, one] : [one, other]
      const whole = printScene(silent(scene))
      expect(said(silent(parsed(second(first(whole)))))).toEqual(said(silent(scene)))
    }),
    { numRuns: runs },
  )
})

test('whatever is typed is answered: in words, with a line that is there', () => {
  const text = fc.tuple(
    scenes,
    fc.array(
      fc.tuple(fc.nat(), fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom(' ', '\n', '[', ')', '--', '; ', 'A:', 'never', '~', '1k'))),
      { maxLength: 6 },
    ),
  )
  fc.assert(
    fc.property(text, ([scene, edits]) => {
      const broken = edits.reduce(
        (all, [at, what]) => all.slice(0, at % all.length) + what + all.slice((at % all.length) + (at % 3)),
        printScene(scene),
      )
      const { problems } = parseScene(broken)
      for (const { line, message } of problems) {
        expect(line).toBeGreaterThanOrEqual(1)
        expect(line).toBeLessThanOrEqual(broken.split(/\r\n|\n|\r/).length)
        expect(message.length).toBeGreaterThan(10)
        expect(message).not.toMatch(/undefined|null|NaN|\n/)
      }
    }),
    { numRuns: long ? 20_000 : 200 },
  )
})

/** `line: message` of each problem. */
const problemsOf = (lines: string): string[] =>
  parseScene(`lockstep 1\n${lines}\nend`).problems.map(({ line, message }) => `${line}: ${message}`)

test('an error names the line, the cause and the nearest word', () => {
  expect(problemsOf('on btrfs 6.1\nA: fallocate 0 4k')).toEqual(['3: no command `fallocate`: did you mean `falloc`?'])
  expect(problemsOf('on btrfs 6.1\nA: fsync\nnevr hole [0,4k)')[0]).toMatch(/^4: no statement begins with `nevr`: did you mean `never`\?/)
  expect(problemsOf('on btrfs 6.1\nA: pwrite 0 4k 7')).toEqual(['3: `7` is too many after `pwrite`'])
  expect(problemsOf('on btrfs 6.1\nA: pwrite 0 4.5k')[0]).toMatch('`4.5k` is no size')
  expect(problemsOf('on btrfs 6.1\nA: fsync\nnever hole [0,4k]')[0]).toMatch('4: `[0,4k]` is no range: write it half-open')
  expect(problemsOf('on btrfs 6.1\nA: fsync\nalways B returns 4k')).toEqual(['4: there is no task B: there are A'])
  expect(problemsOf('on btrfs 6.1\nA: fsync\nalways A returns EIOO')[0]).toMatch('did you mean `EIO`?')
  expect(problemsOf('A: fsync')).toEqual(['2: no line says what it runs on: `on btrfs 6.1`'])
  expect(problemsOf('on btrfs 6.1\nA: open -q foo')[0]).toMatch('`open` has no option -q: it has -a -c -d -s -t')
  expect(problemsOf('on btrfs 6.1\nA: pread 0 4k -- via ring')[0]).toMatch('no way `ring`')
  expect(problemsOf('on btrfs 6.1\nA: remount')).toEqual(['3: `remount` stands only after `setup:`'])
  expect(parseScene('lockstep 2\nend').problems[0]?.message).toMatch('version 2 of the language')
  expect(parseScene('once upon a time').problems[0]?.message).toMatch('no line reads `lockstep 1`')
  expect(parseScene('lockstep 1\non btrfs 6.1\nA: fsync').problems[0]?.message).toMatch('ends with `end`')
})

test('every error is told, not only the first', () => {
  expect(problemsOf('on btrfs\nA: fsink\nnever hole [4k,4k)').map((one) => one[0])).toEqual(['2', '3', '4'])
})
