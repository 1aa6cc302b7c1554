import { useState, type ReactNode } from 'react'

/** A labelled line that opens. What is folded is not drawn. */
export function Fold({ title, children }: { title: ReactNode; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && <div className="fold-body">{children}</div>}
    </details>
  )
}
