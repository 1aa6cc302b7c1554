import { useState } from 'react'

/** A count in words that shows its digits when asked. */
export function Count({ rounded, exact }: { rounded: string; exact: string }) {
  const [open, setOpen] = useState(false)
  if (rounded === exact) return <>{exact}</>
  return (
    <button type="button" className="count" aria-pressed={open} title={open ? 'rounded' : exact} onClick={() => setOpen(!open)}>
      {open ? exact : rounded}
    </button>
  )
}
