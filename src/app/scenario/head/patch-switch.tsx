import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useActions } from '../../lockstep.tsx'

interface Props {
  readonly patch: Card['patches'][number]
  readonly trace: TraceView | null
  /** Words that stand for its kind: `the fix`. */
  readonly as?: string
}

/** A patch, on or off, and what there is to know before one touches it. */
export function PatchSwitch({ patch, trace, as }: Props) {
  const { togglePatch } = useActions()
  const view = trace?.patches.find((one) => one.id === patch.id)
  const notes = [view?.shipped ? 'shipped' : null, view && !view.consulted ? 'no effect here' : null, view?.refusal ?? null].filter(
    (note) => note !== null,
  )
  return (
    <label className={as ? 'patch is-fix' : 'patch'} title={[patch.subject, ...notes].join('; ')}>
      <input
        type="checkbox"
        role="switch"
        checked={view?.on ?? false}
        disabled={!view || view.refusal !== null}
        onChange={() => togglePatch(patch.id)}
      />
      <span className="patch-kind">{as ?? patch.kind}</span>
      <code>{/^[0-9a-f]{12}$/.test(patch.id) ? patch.id : patch.name}</code>
      {!as && <span className="patch-subject">{patch.subject}</span>}
      {notes.length > 0 && <span className="patch-note">{notes[0] === view?.refusal ? 'not with the others' : notes[0]}</span>}
    </label>
  )
}
