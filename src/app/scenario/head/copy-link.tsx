import { useState } from 'react'
import type { Place } from '../../../store/place/place.ts'
import { shareable } from '../../address.ts'
import { useActions, useApp, useLockstep } from '../../lockstep.tsx'

const MAIL_LIMIT = 44

/** Puts the address of this very moment on the clipboard, or shows it where that is not allowed. */
export function CopyLink() {
  const { where, store } = useApp()
  const { segments } = useActions()
  const [copied, setCopied] = useState<{ of: Place; says: string } | null>(null)
  // Only who has copied something cares when the moment changes.
  const stale = useLockstep((state) => copied !== null && state.place !== copied.of)
  const copy = async (): Promise<void> => {
    const { place } = store.getState()
    if (!place) return
    const text = segments()
    const url = shareable(where, place.scenario, text)
    const long = `${place.scenario}/#/${text}`.length > MAIL_LIMIT
    const done = long ? 'Copied. It is too long for one line of a mail; the schedule is your own.' : 'Copied.'
    try {
      await navigator.clipboard.writeText(url)
      setCopied({ of: place, says: done })
    } catch {
      setCopied({ of: place, says: url })
    }
  }
  return (
    <span className="copy">
      <button type="button" onClick={() => void copy()}>
        Copy link
      </button>
      <span role="status" className="quiet">
        {copied && !stale ? copied.says : ''}
      </span>
    </span>
  )
}
