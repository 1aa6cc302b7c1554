import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { singlePage } from './single.ts'

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="icon" href="./favicon.svg" type="image/svg+xml" />
    <script async src="./not-started.js"></script>
    <script type="module" crossorigin src="./assets/index-1.js"></script>
    <link rel="modulepreload" crossorigin href="./assets/start-2.js">
    <link rel="stylesheet" crossorigin href="./assets/index-3.css">
  </head>
  <body>
    <div id="root"></div>
  </body>
</html>`

const script = 'const html = "</script><!-- $& -->"; start()'
const page = singlePage(html, { script, style: 'p { color: red }', icon: '<svg/>', beside: { 'recordings/a.txt': '</script>' } })

test('nothing in it is loaded from elsewhere', () => {
  expect(page).not.toMatch(/\b(src|href)="(?!data:)/)
  expect(page).toContain('<style>p { color: red }</style>')
  expect(page).toContain('href="data:image/svg+xml,%3Csvg%2F%3E"')
})

test('no text in it ends its script or its data early, and the script still says the same', () => {
  const [, code = ''] = /<script type="module">([^]*?)<\/script>/.exec(page) ?? []
  // oxlint-disable-next-line typescript/no-implied-eval -- reads back the string that the script holds
  expect((new Function(`${code.replace('start()', '')} return html`) as () => string)()).toBe('</script><!-- $& -->')
  const [, data = ''] = /<script type="application\/json" id="beside">([^]*?)<\/script>/.exec(page) ?? []
  expect(JSON.parse(data)).toEqual({ 'recordings/a.txt': '</script>' })
})

test('its policy allows the script by the hash of what stands between the tags', () => {
  const [, code = ''] = /<script type="module">([^]*?)<\/script>/.exec(page) ?? []
  expect(page).toContain(`'sha256-${createHash('sha256').update(code).digest('base64')}'`)
  expect(page).not.toContain('unsafe')
})
