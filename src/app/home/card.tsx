import { memo } from 'react'
import { hrefOf, pageOf } from '../address.ts'
import { useApp } from '../lockstep.tsx'
import { CardPicture } from './card-picture.tsx'
import { harms, type Entry, type Grouping } from './filter.ts'

/** One scenario: what is wrong at the first step at which a rule is broken, in a picture; its sentence; whom it hurts. */
export const CardOf = memo(function CardOf({ entry, grouping, under }: { entry: Entry; grouping: Grouping; under: boolean }) {
  const { where } = useApp()
  const { card, facets } = entry
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
      {card.follows !== undefined && <p className="card-hurts">Goes on from {card.follows}.</p>}
    </article>
  )
})

/** What is not in the catalogue: the reader asks it. */
export function WriteYourOwn() {
  const { where } = useApp()
  return (
    <article className="card is-own">
      <h4>
        <a href={pageOf(where, 'own')}>Ask your own question</a>
      </h4>
      <p>
        Ten lines say what two tasks do to a file and what must never be. Every order is tried; what breaks comes with a schedule that you
        can step through, and the text goes into your mail. Paste a mail, and its reproducer is a scene.
      </p>
      <p>
        <a href={pageOf(where, 'ask')}>How to ask</a>: the language on one screen. A scenario with words of its own is a folder of the
        sources: “How to add a bug” in <code>src/README.md</code>.
      </p>
    </article>
  )
}
