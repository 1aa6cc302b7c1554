/** What a speaker has beside the page: the crossing to the next link, the second window, the list, the address for the room. */
import { useEffect } from 'react'
import { whenIdle } from '../../lenses/late.ts'
import { useApp } from '../lockstep.tsx'
import { AddressForRoom } from './address.tsx'
import { crossFrom, prepareBeside } from './give.ts'
import { giveTalk } from './crossing.ts'
import { TalkList } from './list.tsx'
import { Notes } from './notes.tsx'
import { useTalk } from './talk-state.ts'
import '../frames.css'
import './dialogs.css'

interface Props {
  readonly overlay: string | null
  readonly notes: Window | null
  readonly onClose: () => void
}

export default function Talk({ overlay, notes, onClose }: Props) {
  const app = useApp()
  const at = useTalk((state) => state.at)
  const stops = useTalk((state) => state.stops)
  const given = at !== null
  const window = useTalk((state) => state.notes)
  const { showNotes, startClock, began } = useTalk.getState()
  useEffect(() => {
    if (!given) return
    giveTalk((by) => crossFrom(app, by))
    if (began === null) startClock()
    return () => giveTalk(null)
  }, [app, given, began, startClock])
  // A part that cannot be had is asked for again by who crosses.
  useEffect(() => {
    if (at !== null) whenIdle(() => void prepareBeside(app).catch(() => undefined))
  }, [app, at, stops])
  useEffect(() => {
    if (notes) showNotes(notes)
  }, [notes, showNotes])
  return (
    <>
      {window && <Notes key={String(given)} window={window} />}
      {overlay === 'talk' && <TalkList onClose={onClose} />}
      {overlay === 'address' && <AddressForRoom onClose={onClose} />}
    </>
  )
}
