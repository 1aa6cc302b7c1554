import { memo } from 'react'
import { hrefOf } from '../address.ts'
import { useApp } from '../lockstep.tsx'
import { CardPicture } from './card-picture.tsx'
import { harms, type Entry, type Grouping } from './filter.ts'

/** One scenario: what is wrong at the first step at which a rule is broken, in a picture; its sentence; whom it hurts. */
export const CardOf = memo(function CardOf({ entry, grouping, under }: { entry: Entry; grouping: Grouping; under: boolean }) {
  const { where, cards } = useApp()
  const { card, facets } = entry
  const parent = cards.find(({ id }) => id === card.follows)
  return (
    <article className={under ? 'card is-under' : 'card'}>
      <p className="card-kind">
        <code>{card.id}</code>
        <span>{grouping === 'harm' ? facets.fs : harms[card.harm][0]}</span>
      </p>
      <h4>
        <a href={hrefOf(where, card.id)}>{card.title}</a>
      </h4>
      <CardPicture facets={facets} />
      <p>{card.summary}</p>
      <p className="card-hurts">Hurts Linux {facets.hurts.says}.</p>
      {parent && <p className="card-hurts">Goes on from {parent.id}.</p>}
    </article>
  )
})

/** What is not in the catalogue. It promises no more than there is. */
export function WriteYourOwn() {
  return (
    <article className="card is-own">
      <h4>A bug of your own</h4>
      <p>
        A scenario is one folder of the sources: a staged file, the calls, and words. What goes wrong is never written down; it has to come
        out of the model.
      </p>
      <p>
        Copy <code>src/scenarios/_template</code>, add one line to the catalogue, run <code>npm run generate</code>: “How to add a bug” in{' '}
        <code>src/README.md</code> has the steps.
      </p>
    </article>
  )
}
