import { useEffect, useMemo, useRef, useState } from 'react'
import { completion } from '../../../scene/complete.ts'
import { printScene } from '../../../scene/print.ts'
import { parseScene } from '../../../scene/parse.ts'
import { sayings, tasksOf } from '../../../scene/scene.ts'
import { useLockstep } from '../../lockstep.tsx'
import { HowToAskDialog } from '../../ask/how-to-ask-dialog.tsx'
import { drafts } from '../drafts.ts'
import { useOwn, useOwnActions } from '../use-own.tsx'
import { Bar } from './bar.tsx'
import { Field } from './field.tsx'
import { FromMailDialog, sceneIn, type Pasted } from './from-mail.tsx'
import { knowledgeOf, useLanguage } from './language.ts'
import { ModelledTable } from './modelled-table.tsx'
import { Problems } from './problems.tsx'
import '../../frames.css'
import './editor.css'

/** How long a text rests before the model reads it. */
const REST_MS = 150

/** A scene's text, what can be done with it, and what is wrong with it. */
export default function Editor() {
  const { text, type, open } = useText()
  const { problems } = useOwn()
  const trace = useLockstep((state) => state.trace)
  const [here, setHere] = useState<{ readonly line: number | null; readonly typed: boolean }>({ line: null, typed: false })
  const [goTo, setGoTo] = useState<{ readonly line: number } | null>(null)
  const [dialog, setDialog] = useState<'how' | 'mail' | null>(null)
  const [pasted, setPasted] = useState<Pasted | null>(null)
  const language = useLanguage()
  const { scene } = useMemo(() => parseScene(text), [text])
  const fs = sayings(scene, 'on')[0]?.fs ?? 'btrfs'
  const tasks = useMemo(() => tasksOf(scene), [scene])
  const knowledge = useMemo(() => knowledgeOf(language, fs, trace), [language, fs, trace])
  // Nobody is told of an error in the line that he is writing.
  const beingTyped = here.typed ? here.line : null
  const told = problems.filter(({ line }) => line !== beingTyped)
  return (
    <section className="editor" aria-label="Your scene">
      <Bar
        text={text}
        onOpen={(next) => {
          setPasted(null)
          open(next)
        }}
        onMail={() => setDialog('mail')}
        onFormat={() => format()}
        onHelp={() => setDialog('how')}
      />
      <Field
        text={text}
        goTo={goTo}
        problems={told}
        complete={(before) => completion(before, tasks, knowledge)}
        onType={type}
        onLine={(line, typed) => setHere((now) => (now.line === line && now.typed === typed ? now : { line, typed }))}
        onPaste={(clip, all) => {
          const found = sceneIn(clip, all)
          if (!found) return false
          setPasted(found)
          open(found.text)
          return true
        }}
        onFormat={() => format()}
        onHelp={() => setDialog('how')}
      />
      <Problems problems={told} waits={told.length < problems.length ? beingTyped : null} onGo={(line) => setGoTo({ line })} />
      {pasted && <Notes pasted={pasted} onClose={() => setPasted(null)} />}
      {!drafts.isStored() && <p className="quiet">This browser does not let the text be kept: save it as a file before you leave.</p>}
      <ModelledTable language={language} fs={fs} />
      {dialog === 'how' && <HowToAskDialog onClose={() => setDialog(null)} />}
      {dialog === 'mail' && (
        <FromMailDialog
          onClose={() => setDialog(null)}
          onTake={(found) => {
            setDialog(null)
            setPasted(found)
            open(found.text)
          }}
        />
      )}
    </section>
  )

  function format(): void {
    const read = parseScene(text)
    if (read.problems.length === 0) type(printScene(read.scene))
    else setGoTo({ line: read.problems[0]?.line ?? 1 })
  }
}

/** What was read of a mail, and what was not. */
function Notes({ pasted: { says, unread }, onClose }: { pasted: Pasted; onClose: () => void }) {
  if (says.length === 0 && unread.length === 0) return null
  return (
    <div className="editor-notes" role="status">
      {says.length > 0 && <p>What the mail does not say: {says.join('; ')}.</p>}
      {unread.length > 0 && (
        <details>
          <summary>
            {unread.length} {unread.length === 1 ? 'line was' : 'lines were'} not read
          </summary>
          <ul>
            {unread.map(({ line, text, why }, i) => (
              <li key={i}>
                line {line}: <code>{text}</code>: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
      <button type="button" onClick={onClose}>
        Seen
      </button>
    </div>
  )
}

/** The text on the page: at once what is typed, and a moment later what the store has. */
function useText() {
  const actions = useOwnActions()
  const { text: kept } = useOwn()
  const [typed, setTyped] = useState<string | null>(null)
  const waiting = useRef<{ readonly timer: ReturnType<typeof setTimeout>; readonly text: string } | null>(null)
  const flush = useRef((): void => {
    const pending = waiting.current
    if (!pending) return
    clearTimeout(pending.timer)
    waiting.current = null
    actions.edit(pending.text)
    setTyped(null)
  })
  useEffect(() => {
    const leave = flush.current
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [])
  return {
    text: typed ?? kept,
    type(text: string): void {
      setTyped(text)
      drafts.keepText(text)
      if (waiting.current) clearTimeout(waiting.current.timer)
      waiting.current = { text, timer: setTimeout(flush.current, REST_MS) }
    },
    open(text: string): void {
      flush.current()
      drafts.openText(text)
      actions.openScene(text)
    },
  }
}
