import { expect, it } from 'vitest'
import type { TraceView } from '../../worker/protocol.ts'
import { linkTag, reference, withLink } from './paste.ts'

const view = (kernel: string, on: readonly string[] = []): TraceView =>
  ({
    kernel: { asked: kernel, resolved: kernel, says: null },
    patches: on.map((id) => ({ id, on: true, shipped: false })),
    steps: Array.from({ length: 45 }),
  }) as unknown as TraceView

const url = 'https://example.org/lockstep/append-hole/#/r1/21'
const credit = { title: 'An append leaves a hole as large as itself', step: 21, left: view('6.1'), right: null }

it('a link is a footnote or a tag, as Documentation/process has them', () => {
  expect(reference(url)).toBe(`[1] ${url}`)
  expect(linkTag(url)).toBe(`Link: ${url} [1]`)
})

it('a text comes with what it is of, a model, and the link whole in the last line', () => {
  expect(withLink('1) A writes\n\n', credit, url, 64)).toBe(
    `1) A writes

"An append leaves a hole as large as itself", step 21 of 45, in
a model of Linux 6.1, not the kernel:
${url}
`,
  )
  const fixed = withLink('x', { ...credit, right: view('6.1', ['939b656bc8ab']) }, url, 72)
  expect(fixed).toContain('in a model of Linux 6.1\nand 6.1 with 939b656bc8ab, not the kernel:\n')
})
