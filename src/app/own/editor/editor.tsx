/** Where the text of a scene is typed. */
import { useEffect, useRef, useState } from 'react'
import { useOwn, useOwnActions } from '../use-own.tsx'

/** The model reads a text once it has stood still for so long. */
const STILL_MS = 150

export default function Editor() {
  const { text: kept, problems } = useOwn()
  const { edit } = useOwnActions()
  const [text, setText] = useState(kept)
  const [known, setKnown] = useState(kept)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // Another text came, or a switch of the page has changed this one.
  if (kept !== known) {
    setKnown(kept)
    setText(kept)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (now: string): void => {
    setText(now)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      setKnown(now)
      edit(now)
    }, STILL_MS)
  }
  return (
    <div className="bench-editor">
      <label htmlFor="scene-text">The scene</label>
      <textarea
        id="scene-text"
        value={text}
        rows={Math.max(12, text.split('\n').length)}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        onChange={(event) => type(event.target.value)}
      />
      <ul className="bench-problems" aria-live="polite">
        {problems.map(({ line, message }) => (
          <li key={`${line} ${message}`}>
            line {line}: {message}
          </li>
        ))}
      </ul>
    </div>
  )
}
