import { Suspense, useEffect } from 'react'
import { part } from '../../lenses/late.ts'
import { hrefOf } from '../address.ts'
import { Footer } from '../footer.tsx'
import { useApp } from '../lockstep.tsx'
import { ThemeSwitch } from '../theme-switch.tsx'
import { Living } from './living.tsx'
import { story } from './story.ts'
import './home.css'

/** Comes beside the first paint, and not before it. */
const Catalogue = part(() => import('./catalogue.tsx'))

/** What Lockstep is, in one picture that moves; which bug to open first and why; then every bug as a card. */
export default function Home() {
  const { where } = useApp()
  useEffect(() => {
    document.title = 'Lockstep: watch a kernel race happen, step by step'
  }, [])
  const { id } = story.card
  return (
    <div className="page home">
      <header className="page-top">
        <span className="page-brand">Lockstep</span>
        <a href="#/own">Ask your own question</a>
        <a href="#/paste">Paste a listing</a>
        <a href="#/trust">How far to trust this</a>
        <ThemeSwitch />
      </header>
      <main>
        <div className="home-first">
          <div className="home-words">
            <h1>Watch a kernel race happen, step by step</h1>
            <p className="lead">
              Lockstep runs small, faithful models of Linux I/O code in your browser and shows how real bugs came about. Step through one
              order of events, switch the fix on and see the same order on both kernels, or let another task run first. It also tries{' '}
              <em>every</em> order and tells which go wrong, and why.
            </p>
            <p className="start-here">
              <a className="button-main" href={hrefOf(where, id)}>
                Start here: {id}
              </a>
              <span>because one task is enough to see it: no second thread, no crash, just a retry that looks at the file size twice.</span>
            </p>
          </div>
          <Living />
          <Keys />
        </div>
        <Suspense fallback={<div className="home-waits" />}>
          <Catalogue />
        </Suspense>
        <Trust />
      </main>
      <Footer />
    </div>
  )
}

const keys: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['Right', 'Left'], 'on and back, a moment of the story at a time, or a step'],
  [['x'], 'the fix on or off'],
  [['c'], 'both kernels side by side'],
  [['1', '9'], 'let another task run'],
  [['e'], 'every interleaving'],
  [['?'], 'all keys'],
]

function Keys() {
  return (
    <section className="home-keys" aria-label="Keys in a scenario">
      <h2>In a scenario</h2>
      <dl>
        {keys.map(([names, does]) => (
          <div key={does}>
            <dt>
              {names.map((name, i) => (
                <span key={name}>
                  {i > 0 && (name === '9' ? ' to ' : ' ')}
                  <kbd>{name}</kbd>
                </span>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Trust() {
  return (
    <section className="home-trust">
      <h2>What to trust</h2>
      <p>
        A scenario only stages a file, a kernel and some system calls; what goes wrong comes out of the modelled code paths, and rules that
        know neither the bug nor the fix notice it. Each step names the kernel function and the release it was read in, and every scenario
        says what its model leaves out. The model is compared with recordings of real kernels: <a href="#/trust">how far to trust this</a>.
        Red is damage, and nothing else is red. The address is always the exact moment on the screen: copy it into a mail.
      </p>
    </section>
  )
}
