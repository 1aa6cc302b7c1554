import { useEffect } from 'react'
import type { Card } from '../scenarios/card.ts'
import { catalog } from '../scenarios/catalog.ts'
import { hrefOf } from './address.ts'
import { Footer } from './footer.tsx'
import { useApp } from './lockstep.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

const FIRST = 'append-hole'

function Entry({ card }: { card: Card }) {
  const { where } = useApp()
  return (
    <>
      <a href={hrefOf(where, card.id)}>{card.title}</a>
      <p>{card.summary}</p>
      <p className="quiet">
        <code>{card.id}</code>, Linux {card.defaultKernel}
      </p>
    </>
  )
}

/** What came of it: bugs of the fix, relapses, and what a patch had been for. */
function FollowUps({ of }: { of: string }) {
  const cards = catalog.filter((card) => card.follows === of)
  if (cards.length === 0) return null
  return (
    <ul>
      {cards.map((card) => (
        <li key={card.id}>
          <Entry card={card} />
        </li>
      ))}
    </ul>
  )
}

/** What Lockstep is, which bug to open first and why, and the list of them. */
export default function Home() {
  const { where } = useApp()
  useEffect(() => {
    document.title = 'Lockstep: watch a kernel race happen, step by step'
  }, [])
  const first = catalog.find((card) => card.id === FIRST) ?? catalog[0]
  return (
    <div className="page page-prose">
      <header className="page-top">
        <span className="page-brand">Lockstep</span>
        <ThemeSwitch />
      </header>
      <main>
        <h1>Watch a kernel race happen, step by step</h1>
        <p className="lead">
          Lockstep runs small, faithful models of Linux I/O code in your browser and shows how real bugs came about. You step through one
          order of events, switch the fix on and see the same order on both kernels, or let another task run first. It also tries{' '}
          <em>every</em> order and counts the ones that go wrong.
        </p>
        {first && (
          <p className="start-here">
            <a className="button-main" href={hrefOf(where, first.id)}>
              Start here: {first.id}
            </a>
            <span>because one task is enough to see it: no second thread, no crash, just a retry that looks at the file size twice.</span>
          </p>
        )}
        <h2>Scenarios</h2>
        <ul className="scenario-list">
          {catalog
            .filter((card) => card.follows === undefined)
            .map((card) => (
              <li key={card.id}>
                <Entry card={card} />
                <FollowUps of={card.id} />
              </li>
            ))}
        </ul>
        <h2>How to read a scenario</h2>
        <ol className="how-to">
          <li>The top says what should have happened and what happens instead.</li>
          <li>
            Press <kbd>Right</kbd> to go to the next moment of the story, <kbd>Left</kbd> to go back. Each lane of the timeline is a task with
            its letter and its hue; a step is one indivisible action.
          </li>
          <li>
            The pictures show the file, the locks and the kernel structures after that step. A small triangle marks what the step changed;
            red is damage, and nothing else is red.
          </li>
          <li>
            Press <kbd>x</kbd> to switch the fix on, <kbd>c</kbd> to see both kernels side by side, <kbd>e</kbd> to try every interleaving,{' '}
            <kbd>1</kbd> to <kbd>9</kbd> to let another task run, <kbd>?</kbd> for all keys.
          </li>
          <li>The address is always the exact moment on the screen: copy it into a mail.</li>
        </ol>
        <h2>What to trust</h2>
        <p>
          A scenario only stages a file, a kernel and some system calls; what goes wrong comes out of the modelled code paths. Each step
          names the kernel function and the release it was read in, and every scenario says what its model leaves out. The model is compared
          with recordings of real kernels: <a href="#/trust">how far to trust this</a>.
        </p>
      </main>
      <Footer />
    </div>
  )
}
