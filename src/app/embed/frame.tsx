/** The page as a guest in another: it takes no focus, no keys that were not given to it, and answers a few messages. */
import { useEffect, useState, type ReactNode } from 'react'
import { shareable } from '../address.ts'
import { useApp, useLockstep } from '../lockstep.tsx'
import { asked, told, type Tells } from './messages.ts'
import './frame.css'

export default function Frame({ children }: { children: ReactNode }) {
  const awake = useKeysOnceGiven()
  useMessages()
  const { where, actions } = useApp()
  const here = useLockstep(({ place }) => (place ? shareable(where, place.scenario, actions.segments()) : where.base))
  return (
    <div className="frame">
      {children}
      <p className="frame-bar">
        {/* The host's window shows it, and a reader who wanted the host's page goes back to it. */}
        <a href={here} target="_top">
          Open full
        </a>
        <span className="quiet">{awake ? 'Keys work here; Esc gives them back.' : 'Click into the frame to use its keys.'}</span>
      </p>
    </div>
  )
}

/**
 * Keys are ours from a click or a focus inside until Esc, or until the focus leaves. Before and after, nobody here sees a key, so that
 * the host's page scrolls.
 */
function useKeysOnceGiven(): boolean {
  const [awake, setAwake] = useState(false)
  useEffect(() => {
    let ours = false
    const give = (to: boolean) => (): void => {
      ours = to
      setAwake(to)
    }
    const press = (event: KeyboardEvent): void => {
      if (!ours) event.stopImmediatePropagation()
      // What Esc means inside comes first.
      else if (event.key === 'Escape') setTimeout(giveBack)
    }
    const giveBack = (): void => {
      give(false)()
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      if (parent !== window) parent.focus()
    }
    const stop = new AbortController()
    const listen = { capture: true, signal: stop.signal }
    addEventListener('keydown', press, listen)
    addEventListener('pointerdown', give(true), listen)
    addEventListener('focusin', give(true), listen)
    addEventListener('blur', ({ target }) => target === window && give(false)(), listen)
    return () => stop.abort()
  }, [])
  return awake
}

/** Tells the host where the run stands, whenever that changes, and does what a message asks. */
function useMessages(): void {
  const { store, actions, where } = useApp()
  useEffect(() => {
    const tells = (): Tells => told(store.getState(), (scenario) => shareable(where, scenario, actions.segments()))
    // Nothing in it is a secret of anybody: the host chose what is shown.
    const tellHost = (): void => void (parent !== window && parent.postMessage(tells(), '*'))
    tellHost()
    const forget = store.subscribe((now, before) => {
      if (now.place !== before.place || now.trace !== before.trace || now.compare !== before.compare) tellHost()
    })
    const take = ({ data, source }: MessageEvent<unknown>): void => {
      const ask = asked(data)
      if (!ask) return
      const before = store.getState().place
      if (ask.do === 'next') actions.next()
      else if (ask.do === 'prev') actions.previous()
      else actions.seek(ask.step)
      // The host has been told of a move; whoever else asks, or asks in vain, is answered.
      if (source && (source !== parent || store.getState().place === before)) source.postMessage(tells(), { targetOrigin: '*' })
    }
    addEventListener('message', take)
    return () => {
      forget()
      removeEventListener('message', take)
    }
  }, [store, actions, where])
}
