import { useEffect, useState } from 'react'
import { useApp } from '../lockstep.tsx'
import { packed } from './link.ts'

/** A link that holds the whole text, where that fits into one; else the text itself, which anybody can paste here. */
export function Sharing({ text }: { text: string }) {
  const { where } = useApp()
  const [link, setLink] = useState<{ readonly of: string; readonly href: string | null } | null>(null)
  const [shown, setShown] = useState<string | null>(null)
  useEffect(() => {
    let mine = true
    void packed(text).then((segment) => {
      if (mine) setLink({ of: text, href: segment === null ? null : `${where.base}#/paste/${segment}` })
    })
    return () => {
      mine = false
    }
  }, [text, where.base])
  if (link?.of !== text) return null
  const { href } = link
  const copy = async (what: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(what)
      setShown('Copied.')
    } catch {
      setShown(what)
    }
  }
  return (
    <>
      {href === null ? (
        <>
          <button type="button" onClick={() => void copy(text)}>
            Copy the text
          </button>
          <span className="quiet">It does not fit into a link: send the text, and whoever gets it pastes it here.</span>
        </>
      ) : (
        <>
          <button type="button" onClick={() => void copy(href)}>
            Copy a link to this
          </button>
          <span className="quiet">{href.length} characters, with the whole text in it.</span>
        </>
      )}
      {shown !== null && (
        <output className="paste-copied" key={shown}>
          {shown}
        </output>
      )}
    </>
  )
}
