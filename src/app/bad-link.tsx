import { catalog } from '../scenarios/catalog.ts'
import type { LinkProblem } from '../store/link/link.ts'
import { encode } from '../store/link/encode.ts'
import { hrefOf } from './address.ts'
import { useActions, useApp } from './lockstep.tsx'
import { Footer } from './footer.tsx'
import { PageTop } from './page-top.tsx'

/** A link that cannot be shown as it is: what is wrong, what was understood, and the nearest thing on one click. */
export default function BadLink({ problem }: { problem: LinkProblem }) {
  const { where, cards } = useApp()
  const { visit } = useActions()
  const { nearest } = problem
  return (
    <div className="page page-prose">
      <PageTop />
      <main>
        <h1>This link cannot be shown as it is</h1>
        <p role="alert">{problem.says}</p>
        {problem.also.length > 0 && (
          <ul>
            {problem.also.map((says) => (
              <li key={says}>{says}</li>
            ))}
          </ul>
        )}
        {problem.understood.length > 0 && <p>Understood: {problem.understood.join('; ')}.</p>}
        {nearest && (
          <p>
            <button type="button" className="button-main" onClick={() => visit(nearest)}>
              Show the nearest thing
            </button>{' '}
            <code>
              {nearest.scenario}/{encode(nearest, cards)}
            </code>
          </p>
        )}
        <h2>Or begin with a scenario</h2>
        <ul>
          {catalog.map((card) => (
            <li key={card.id}>
              <a href={hrefOf(where, card.id)}>{card.title}</a>
            </li>
          ))}
        </ul>
      </main>
      <Footer />
    </div>
  )
}
