import { useState } from 'react'
import { shareable } from '../address.ts'
import { useActions, useApp, useLockstep } from '../lockstep.tsx'

const MAIL_LIMIT = 44

/** Puts the address of this very moment on the clipboard, or shows it where that is not allowed. */
export function CopyLink() {
  const { where } = useApp()
  const { segments } = useActions()
  const place = useLockstep((state) => state.place)
  const [copied, setCopied] = useState<{ of: string; says: string } | null>(null)
  if (!place) return null
  const text = segments()
  const url = shareable(where, place.scenario, text)
  const long = `${place.scenario}/#/${text}`.length > MAIL_LIMIT
  const copy = async (): Promise<void> => {
    const done = long ? 'Copied. It is too long for one line of a mail; the schedule is your own.' : 'Copied.'
    try {
      await navigator.clipboard.writeText(url)
      setCopied({ of: url, says: done })
    } catch {
      setCopied({ of: url, says: url })
    }
  }
  return (
    <span className="copy">
      <button type="button" onClick={() => void copy()}>
        Copy link
      </button>
      <span role="status" className="quiet">
        {copied?.of === url ? copied.says : ''}
      </span>
    </span>
  )
}
