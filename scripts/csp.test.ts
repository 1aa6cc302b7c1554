import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { headers, policyOf, withPolicy } from './csp.ts'

const html = (body: string): string =>
  `<!doctype html><html><head>\n<meta charset="utf-8" />\n<script src="./a.js"></script></head><body>${body}</body></html>`

test('nothing inline, nothing evaluated, and no other host is allowed, in several files or in one', () => {
  for (const policy of [policyOf(), policyOf({ oneFile: true })]) {
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(policy).toMatch(/^default-src 'none'; /)
    expect(policy).toMatch(/worker-src [^;]*blob:/)
  }
})

test('a script and a style in the page are allowed by their hash, which a browser would compute alike; data and files need none', () => {
  // echo -n 'alert(1)' | openssl sha256 -binary | base64
  const hash = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
  expect(policyOf({ html: html('<script type="module">alert(1)</script>') })).toContain(`script-src 'self' ${hash};`)
  expect(policyOf({ html: html('<style>alert(1)</style>') })).toContain(`style-src 'self' ${hash};`)
  expect(policyOf({ html: html('<script type="application/json" id="card">{"a":1}</script>') })).toBe(policyOf())
})

test('the policy stands in the head before whatever it applies to', () => {
  const page = withPolicy(html(''))
  expect(page.indexOf('http-equiv="Content-Security-Policy"')).toBeGreaterThan(page.indexOf('charset'))
  expect(page.indexOf('http-equiv="Content-Security-Policy"')).toBeLessThan(page.indexOf('<script'))
  expect(page).toContain(`content="${policyOf()}"`)
})

test('the headers that the README tells hosts to send are these', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')
  for (const [name, value] of Object.entries(headers)) expect(readme).toContain(`    ${name}: ${value}\n`)
})
