import { useState, type ReactNode } from 'react'
import { ChangeIcon } from '../../../lenses/marks.tsx'

/** A labelled line that opens. What is folded is not drawn. */
export function Fold({ title, changed = false, children }: { title: ReactNode; changed?: boolean; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <details className={changed ? 'fold is-changed' : 'fold'} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span>{title}</span>
        {changed && (
          <span className="fold-changed">
            <ChangeIcon shown /> changed
          </span>
        )}
      </summary>
      {open && <div className="fold-body">{children}</div>}
    </details>
  )
}
