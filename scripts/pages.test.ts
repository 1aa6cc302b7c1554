import { expect, test } from 'vitest'
import { appendCard } from '../src/testing/cards.ts'
import { homePage, scenarioPage } from './pages.ts'

const html = `<!doctype html>
<html lang="en">
  <head>
    <title>Lockstep</title>
    <meta
      name="description"
      content="Home"
    />
    <link rel="icon" href="./favicon.svg" />
    <script type="module" src="./assets/index.js"></script>
  </head>
  <body>
    <div id="root"></div>
  </body>
</html>`

test('a scenario page has its own title, description and text, and looks for its files one folder up', () => {
  const page = scenarioPage(html, appendCard, 'B overwrites A')
  expect(page).toContain(`<title>${appendCard.title} - Lockstep</title>`)
  expect(page).toContain(`<meta name="description" content="${appendCard.summary}" />`)
  expect(page).toContain('<meta name="lockstep-scenario" content="append-hole" />')
  expect(page).toContain('src="../assets/index.js"')
  expect(page).not.toMatch(/(src|href)="\.\//)
  expect(page).toContain('<noscript><pre>B overwrites A</pre></noscript>')
  expect(page).toContain('<link rel="alternate" type="text/plain" href="../append-hole.txt" />')
  expect(page).not.toContain('content="Home"')
})

test('a scenario page brings its card along, so that it need not load those of the others', () => {
  const card = { ...appendCard, title: 'a </script> & "b"' }
  const [, text = ''] = /<script type="application\/json" id="card">(.*?)<\/script>/.exec(scenarioPage(html, card, '')) ?? []
  // The scene is a function of the settings; what it says of the run shown comes with that run.
  const { scene: _, ...words } = card
  expect(JSON.parse(text)).toEqual(words)
})

test('a scenario page brings the run that it opens with, where there is one', () => {
  const [, text = ''] =
    /<script type="application\/json" id="run">(.*?)<\/script>/.exec(scenarioPage(html, appendCard, '', { says: '</script>' })) ?? []
  expect(JSON.parse(text)).toEqual({ says: '</script>' })
  expect(scenarioPage(html, appendCard, '')).not.toContain('id="run"')
})

test('what a card or a text says cannot become markup', () => {
  const page = scenarioPage(html, { ...appendCard, title: 'a "<b>" & $&', summary: '">' }, '</pre><script>')
  expect(page).toContain('<title>a &quot;&lt;b&gt;&quot; &amp; $&amp; - Lockstep</title>')
  expect(page).toContain('content="&quot;&gt;"')
  expect(page).toContain('<pre>&lt;/pre&gt;&lt;script&gt;</pre>')
})

test('the home page names every scenario to a reader without scripts', () => {
  expect(homePage(html, [appendCard])).toContain(`<li><a href="append-hole/">${appendCard.title}</a>: ${appendCard.summary}</li>`)
  expect(homePage(html, [])).toBe(html)
})
