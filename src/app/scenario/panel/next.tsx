import { catalog } from '../../../scenarios/catalog.ts'
import { hrefOf } from '../../address.ts'
import { useApp } from '../../lockstep.tsx'

/** Where to go on. It knows the whole catalogue, so it comes when a run has been seen to its end. */
export default function Next({ after }: { after: string }) {
  const { where } = useApp()
  const next = catalog[(catalog.findIndex(({ id }) => id === after) + 1) % catalog.length]
  return (
    next &&
    next.id !== after && (
      <p>
        Next: <a href={hrefOf(where, next.id)}>{next.title}</a>
      </p>
    )
  )
}
