import { Suspense, useDeferredValue, useEffect, useMemo, useState, type DragEvent } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { InputError } from '../../base/assert.ts'
import { part } from '../../lenses/late.ts'
import { readPaste, type PasteDocument } from '../../paste/document.ts'
import { Footer } from '../footer.tsx'
import { PageTop } from '../page-top.tsx'
import { Typed } from '../terms/typed.tsx'
import { keep, read } from './kept.ts'
import { unpacked } from './link.ts'
import { capital } from './problems.tsx'
import { Reading } from './reading.tsx'
import { Sharing } from './sharing.tsx'
import '../frames.css'
import './paste.css'

/** Comes with the language of scenes. */
const OpenAsScene = part(() => import('../own/open-as-scene.tsx'))

type Read = { readonly document: PasteDocument } | { readonly problem: string } | null

/** What a text says, or the one sentence that says why it says nothing. */
function readingOf(text: string): Read {
  if (text.trim() === '') return null
  try {
    return { document: readPaste(text) }
  } catch (error) {
    if (error instanceof InputError) return { problem: error.message }
    throw error
  }
}

/** The listings that a mail has, as pictures: pasted, typed, dropped, chosen as a file, or out of a link. */
export default function PastePage() {
  const { text, before, kept, says, tell, type, replace, back } = useText()
  const deferred = useDeferredValue(text)
  const reading = useMemo(() => readingOf(deferred), [deferred])
  useEffect(() => {
    document.title = 'Paste a listing, see the file - Lockstep'
  }, [])
  const take = (file: File | undefined): void =>
    void file?.text().then(replace, () => tell(`The file ${file.name} cannot be read: open it in an editor, and paste what it has.`))
  const drop = (event: DragEvent): void => {
    const [file] = event.dataTransfer.files
    const dropped = event.dataTransfer.getData('text/plain')
    if (!file && dropped === '') return
    event.preventDefault()
    if (file) take(file)
    else replace(dropped)
  }
  return (
    <div className="page page-prose paste" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <PageTop />
      <main>
        <h1>Paste a listing, see the file</h1>
        <p className="lead">
          What <Typed text="filefrag -v" />, <Typed text={'xfs_io -c "fiemap -v"'} />, <Typed text="xfs_bmap -vvp" /> or{' '}
          <Typed text="btrfs inspect-internal dump-tree" /> printed, the <code>LOG DUMP</code> of fsx, or a table of what tasks do, as a
          mail has it: quoted, wrapped, encoded, with rows left out. Two listings are a before and an after. The text never leaves this
          browser.
        </p>
        <label className="paste-label" htmlFor="paste-text">
          The text
        </label>
        <textarea
          id="paste-text"
          value={text}
          rows={text === '' ? 8 : 14}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          onChange={(event) => type(event.target.value)}
        />
        <div className="paste-tools">
          <label className="paste-file">
            <span>or a file: </span>
            <input type="file" onChange={(event) => take(event.target.files?.[0])} />
          </label>
          {text !== '' && (
            <button type="button" onClick={() => replace('')}>
              Clear
            </button>
          )}
          {before !== '' && before !== text && (
            <button type="button" onClick={back}>
              Bring back what was here before
            </button>
          )}
          {reading && 'document' in reading && <Sharing text={deferred} />}
          {reading && (
            <Suspense fallback={null}>
              <OpenAsScene text={deferred} />
            </Suspense>
          )}
        </div>
        {says !== null && <p role="alert">{says}</p>}
        {!kept && <p className="quiet">This text is too long, or this browser does not let it be kept: it will not survive a reload.</p>}
        {reading && 'problem' in reading && <p role="alert">{capital(reading.problem)}.</p>}
        {reading && 'document' in reading && <Reading document={reading.document} text={deferred} />}
      </main>
      <Footer />
    </div>
  )
}

/** The text on the page: what was typed here last, or what the address holds until the reader changes it. */
function useText() {
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const [state, setState] = useState(read)
  const [kept, setKept] = useState(true)
  const [says, setSays] = useState<string | null>(null)
  const segment = /^\/paste\/(.+)$/.exec(pathname)?.[1] ?? null

  const set = (next: { readonly text: string; readonly before: string }): void => {
    setState(next)
    setKept(keep(next))
  }
  /** Something takes the place of the text, which can be brought back. */
  const replace = (text: string): void => {
    set({ text, before: state.text === '' || state.text === text ? state.before : state.text })
    setSays(null)
    if (segment !== null) void navigate('/paste', { replace: true })
  }

  useEffect(() => {
    if (segment === null) return
    let mine = true
    void unpacked(segment).then((text) => {
      if (!mine) return
      if (text === null)
        setSays('This link was damaged on its way, so its text cannot be read: ask for the text itself, and paste it here.')
      else
        setState((now) => {
          const next = { text, before: now.text === '' || now.text === text ? now.before : now.text }
          setKept(keep(next))
          return next
        })
    })
    return () => {
      mine = false
    }
  }, [segment])

  return {
    ...state,
    kept,
    says,
    tell: setSays,
    type: (text: string): void => {
      set({ ...state, text })
      setSays(null)
      // The address is that of another text from here on.
      if (segment !== null) void navigate('/paste', { replace: true })
    },
    replace,
    back: (): void => replace(state.before),
  }
}
