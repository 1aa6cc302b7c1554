/**
 * A reader's own scene: its text and what becomes of its claims on one side, and on the other the page that every scenario has. While the
 * text cannot be run, the last run that could stays.
 */
import { Suspense, useEffect, useRef, useState } from 'react'
import { isOwn } from '../../scene/own.ts'
import type { OwnActions } from '../../store/own/own.ts'
import BadLink from '../bad-link.tsx'
import { useActions, useApp, useLockstep } from '../lockstep.tsx'
import ScenarioPage from '../scenario/scenario-page.tsx'
import { drafts } from './drafts.ts'
import Editor from './editor/editor.tsx'
import { Facts } from './facts.tsx'
import { OwnProvider } from './use-own.tsx'
import './workbench.css'

export default function Workbench() {
  const { own: load } = useActions()
  const problem = useLockstep((state) => state.problem)
  const [own, setOwn] = useState<OwnActions | null>(null)
  // Before a link's text takes its place.
  const [kept] = useState(() => (isReload() ? drafts.firstText() : null))
  useEffect(() => void load().then((loaded) => setOwn(() => loaded)), [load])
  if (problem) return <BadLink problem={problem} />
  return (
    own && (
      <OwnProvider own={own}>
        <Bench own={own} kept={kept} />
      </OwnProvider>
    )
  )
}

/** The address has what could be run last; what was typed since is kept by the browser. */
const isReload = (): boolean => performance.getEntriesByType('navigation').some((one) => 'type' in one && one.type === 'reload')

/** No link: a scene is still to be typed. */
const isBare = (): boolean => /^#?\/own\/?$/.test(location.hash)

/** `kept`: the text that was here before a reload; null = the page was not loaded again. */
function Bench({ own, kept }: { own: OwnActions; kept: string | null }) {
  const { store } = useApp()
  const placeless = useLockstep((state) => state.place === null)
  const come = useLockstep((state) => state.own !== null)
  useEffect(() => {
    // Never empty: what was typed here last, or something to begin with. A link brings its own text, which may be on its way.
    if (placeless && isBare()) own.edit(store.getState().own?.text ?? drafts.firstText())
  }, [placeless, own, store])
  useEffect(() => {
    const { own: shown } = store.getState()
    if (shown && shown.text !== '') drafts.openText(shown.text)
    return store.subscribe(({ own: now }, { own: before }) => {
      if (!now || now.text === '' || now.text === before?.text) return
      // A switch on the page changes a line of the same scene; what the editor typed it has kept; anything else takes its place.
      if (now.id !== null && now.id === before?.id && !now.reading) drafts.keepText(now.text)
      else drafts.openText(now.text)
    })
  }, [store])
  const before = useRef(kept)
  useEffect(() => {
    const text = before.current
    if (!come || text === null) return
    before.current = null
    if (text !== store.getState().own?.text) own.edit(text)
  }, [come, own, store])
  return (
    <div className="workbench">
      <section className="bench" aria-label="The text and its answers">
        <Editor />
        <Facts />
      </section>
      <Suspense fallback={null}>
        <Run />
      </Suspense>
    </div>
  )
}

/** The page of the scene, whose pictures are of the last text that could be run. */
function Run() {
  const { cards } = useApp()
  const place = useLockstep((state) => (state.place && isOwn(state.place.scenario) ? state.place.scenario : null))
  const drawn = useLockstep((state) => state.trace?.scenario ?? null)
  const reading = useLockstep((state) => state.own?.reading ?? true)
  const card = cards.find(({ id }) => id === (drawn !== null && isOwn(drawn) ? drawn : place))
  useEffect(() => {
    document.title = `${card ? card.title : 'A scene of your own'} - Lockstep`
  }, [card])
  if (place !== null && card) return <ScenarioPage card={card} />
  return (
    <p className="page-waits">{reading ? 'The model reads the scene.' : 'There is nothing to run yet: the text says what is missing.'}</p>
  )
}
