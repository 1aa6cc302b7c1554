import { memo, Suspense } from 'react'
import { part } from '../../../lenses/late.ts'
import { fixesLines, NO_CULPRIT } from '../../../narrate/text/tags.ts'
import type { Card } from '../../../scenarios/card.ts'
import { Prose } from '../../terms/prose.tsx'

const Next = part(() => import('./next.tsx'))

/** What there is to know beside the pictures: the story, the commits, how to reproduce it, what the model leaves out. */
export const Story = memo(function Story({ card, documented }: { card: Card; documented: boolean }) {
  return (
    <section className="story" aria-label="Background">
      <div>
        <h2>What goes wrong{documented ? '' : ' in the documented run'}, and why</h2>
        <p className="gist">
          <Prose text={card.gist} />
        </p>
        <p>
          <Prose text={card.story} />
        </p>
        <h3>Origin</h3>
        <p>{card.origin}</p>
        <h3>Affected</h3>
        <p>{card.affected}</p>
      </div>
      <div>
        <h3>Commits</h3>
        <ul>
          {card.commits.map((commit) => (
            <li key={commit.id}>
              <Commit id={commit.id} /> (&quot;{commit.subject}&quot;) <span className="quiet">{commit.role}</span>
            </li>
          ))}
        </ul>
        <Tags card={card} />
        <h3>Reproducer</h3>
        <pre tabIndex={0} aria-label="Reproducer">
          {card.reproducer.join('\n')}
        </pre>
      </div>
      <div>
        <h3>What the model leaves out here</h3>
        <ul>
          {card.leavesOut.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    </section>
  )
})

/** Of a scene nobody has written a story: its text is what there is to know of it. */
export function OwnStory({ card }: { card: Card }) {
  return (
    <section className="story" aria-label="The scene">
      <div>
        <h2>The scene</h2>
        <p>{card.summary}</p>
        <pre tabIndex={0} aria-label="The text of the scene">
          {card.reproducer.join('\n')}
        </pre>
      </div>
    </section>
  )
}

/** What a commit message that refers to this would say. */
function Tags({ card }: { card: Card }) {
  const tags = fixesLines(card)
  return tags.length === 0 ? (
    <p className="quiet">{NO_CULPRIT}</p>
  ) : (
    <pre className="tags" tabIndex={0} aria-label="Tags">
      {tags.join('\n')}
    </pre>
  )
}

function Commit({ id }: { id: string }) {
  if (!/^[0-9a-f]{7,40}$/.test(id)) return <code>{id}</code>
  return (
    <a href={`https://git.kernel.org/linus/${id}`} rel="noreferrer">
      <code>{id}</code>
    </a>
  )
}

/** The end of a scenario: what one just saw, and where to go on. */
export function Seen({ card, documented }: { card: Card; documented: boolean }) {
  const title = documented ? 'What you just saw' : 'What the documented run shows'
  return (
    <section className="seen" aria-label={title}>
      <h2>{title}</h2>
      {!documented && (
        <p className="quiet">
          You saw another run: what became of that stands above. This is told of Linux {card.defaultKernel} as released, with the settings
          and the schedule that the page opens with.
        </p>
      )}
      <p>
        <Prose text={card.seen} />
      </p>
      <Suspense fallback={null}>
        <Next after={card.id} />
      </Suspense>
    </section>
  )
}
