import { useEffect, useMemo, useRef, useState } from 'react'
import { InputError } from '../../../base/assert.ts'
import { sceneFromMail, type FromMail } from '../../../scene/mail/from-mail.ts'
import { capital } from '../../paste/problems.tsx'
import { Inline } from './inline.tsx'

export type Pasted = FromMail

type Read = { readonly found: FromMail } | { readonly problem: string } | null

function readingOf(text: string): Read {
  if (text.trim() === '') return null
  try {
    return { found: sceneFromMail(text) }
  } catch (error) {
    if (error instanceof InputError) return { problem: error.message }
    throw error
  }
}

/**
 * What is pasted into the editor takes the place of its text where it holds a whole scene, or where all of the text was to be replaced and it
 * says calls; lines of the language alone are put where the caret is.
 */
export function sceneIn(clip: string, all: boolean): Pasted | null {
  if (!clip.trim().includes('\n')) return null
  const whole = /^[\s>|]*lockstep\s+\d/m.test(clip)
  if (!whole && !all) return null
  const read = readingOf(clip)
  return read && 'found' in read ? read.found : null
}

const kinds: Readonly<Record<FromMail['from'], string>> = {
  scene: 'It has a scene in it',
  commands: 'Its command lines are read as calls',
  fsx: 'The operations of fsx are read as calls',
  table: 'The table is read as tasks',
  steps: 'The steps are read as calls of tasks',
}

/** Anything out of a mail: what can be read of it becomes a scene, and what cannot is listed. */
export function FromMailDialog({ onClose, onTake }: { onClose: () => void; onTake: (found: Pasted) => void }) {
  const ref = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState('')
  const read = useMemo(() => readingOf(text), [text])
  useEffect(() => ref.current?.showModal(), [])
  // The page has keys of its own, which are not meant in here.
  return (
    <dialog
      ref={ref}
      className="from-mail"
      aria-labelledby="from-mail-title"
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <section>
        <h2 id="from-mail-title">A scene out of a mail</h2>
        <p>
          Paste the mail, quoted or not: a scene, command lines of a reproducer (<code>xfs_io -f -c &quot;pwrite 0 4k&quot; foo</code>),
          calls in C or of <code>strace</code>, a <code>LOG DUMP</code> of fsx, a table with a column for each task, numbered steps. Nothing
          is guessed: what says no call is listed. The text never leaves this browser.
        </p>
        <textarea
          aria-label="The mail"
          value={text}
          rows={10}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          onChange={(event) => setText(event.target.value)}
        />
        {read && 'problem' in read && (
          <p role="alert">
            <Inline text={capital(read.problem)} />.
          </p>
        )}
        {read && 'found' in read && (
          <>
            <p role="status">
              {kinds[read.found.from]}
              {read.found.unread.length > 0 &&
                `; ${read.found.unread.length} ${read.found.unread.length === 1 ? 'line says no call and is' : 'lines say no call and are'} listed`}
              .
            </p>
            <pre>{read.found.text}</pre>
          </>
        )}
      </section>
      <form method="dialog">
        <div className="editor-bar">
          <button
            type="button"
            className="button-main"
            disabled={!read || !('found' in read)}
            onClick={() => read && 'found' in read && onTake(read.found)}
          >
            Open it as a scene
          </button>
          <button type="submit">Close</button>
        </div>
      </form>
    </dialog>
  )
}
