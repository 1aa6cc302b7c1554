import { useEffect, useRef, useState } from 'react'
import type { Card } from '../../scenarios/card.ts'
import { lastOf } from '../../store/place/moves.ts'
import { useApp } from '../lockstep.tsx'
import { slide } from './compose.ts'
import { filmThrough, stillOf, type Stretch } from './film.ts'
import { Gif } from './gif.ts'
import { facesAsData, rasterOf } from './raster.ts'
import { movingSvg, stillSvg, type Film } from './svg.ts'
import '../frames.css'
import './picture-out.css'

/** A GIF is for slides that play it: smaller than they are, and a file that can be sent. */
const small = { width: 1280, height: 720 }

type Kind = 'SVG' | 'PNG' | 'moving SVG' | 'GIF'

/** This view as a file: a still, or a stretch of the run that moves by itself. */
export default function PictureOut({ card, onClose }: { card: Card; onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null)
  const app = useApp()
  const { place, trace, compare } = app.store.getState()
  const last = place ? lastOf(place, trace, compare) : 0
  const [stretch, setStretch] = useState<Stretch>({ from: 0, to: last, every: 'moment' })
  const [work, setWork] = useState<string | null>(null)
  const [says, setSays] = useState('')
  const stopped = useRef(false)
  useEffect(() => {
    ref.current?.showModal()
    return () => void (stopped.current = true)
  }, [])
  const make = async (kind: Kind): Promise<void> => {
    stopped.current = false
    setSays('')
    setWork(`${kind}: drawing`)
    try {
      const blob = await made(kind, (done, of) => {
        setWork(`${kind}: ${done} of ${of}`)
        return !stopped.current
      })
      const name = `${card.id}-${kind.startsWith('moving') || kind === 'GIF' ? `${stretch.from}-${stretch.to}` : (place?.step ?? 0)}.${kind.split(' ').at(-1)?.toLowerCase() ?? ''}`
      if (blob) save(blob, name)
      setSays(blob ? `Saved as ${name}, ${Math.ceil(blob.size / 1000)} kB.` : 'Given up; nothing was saved.')
    } catch (error) {
      setSays(`It could not be drawn: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      setWork(null)
    }
  }
  const made = async (kind: Kind, onFrame: (done: number, of: number) => boolean): Promise<Blob | null> => {
    if (kind === 'SVG') return svgBlob(stillSvg(stillOf(app, card.title), 0))
    if (kind === 'PNG') {
      const canvas = await rasterOf(stillSvg(stillOf(app, card.title), 0, await facesAsData()), slide.width, slide.height)
      return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
    }
    const film = await filmThrough(app, card.title, stretch, onFrame)
    if (!film) return null
    return kind === 'GIF' ? gifOf(film, onFrame) : svgBlob(movingSvg(film))
  }
  const bound = (value: string): number => Math.min(last, Math.max(0, Math.round(Number(value)) || 0))
  return (
    <dialog ref={ref} className="picture-out" aria-labelledby="picture-out-title" onClose={onClose}>
      <h2 id="picture-out-title">This view as a picture</h2>
      <p>
        1920 by 1080, in light colours, with its title, its sentence and its address. It has what the page has now: in the talk view (F5)
        the type is larger.
      </p>
      <fieldset disabled={work !== null}>
        <legend>Step {place?.step ?? 0}</legend>
        <button type="button" onClick={() => void make('SVG')}>
          SVG
        </button>
        <button type="button" onClick={() => void make('PNG')}>
          PNG
        </button>
      </fieldset>
      <fieldset disabled={work !== null}>
        <legend>A stretch that moves by itself</legend>
        <label className="field">
          <span>from</span>
          <input
            type="number"
            min={0}
            max={last}
            value={stretch.from}
            onChange={({ target }) => setStretch({ ...stretch, from: Math.min(bound(target.value), stretch.to) })}
          />
        </label>
        <label className="field">
          <span>to</span>
          <input
            type="number"
            min={0}
            max={last}
            value={stretch.to}
            onChange={({ target }) => setStretch({ ...stretch, to: Math.max(bound(target.value), stretch.from) })}
          />
        </label>
        <label className="field">
          <span>every</span>
          <select
            value={stretch.every}
            onChange={({ target }) => setStretch({ ...stretch, every: target.value === 'step' ? 'step' : 'moment' })}
          >
            <option value="moment">moment</option>
            <option value="step">step</option>
          </select>
        </label>
        <button type="button" onClick={() => void make('moving SVG')}>
          Moving SVG
        </button>
        <button type="button" onClick={() => void make('GIF')}>
          GIF
        </button>
      </fieldset>
      <p role="status">
        {work ?? says}{' '}
        {work !== null && (
          <button type="button" onClick={() => (stopped.current = true)}>
            Give up
          </button>
        )}
      </p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}

const svgBlob = (text: string): Blob => new Blob([text], { type: 'image/svg+xml' })

async function gifOf(film: Film, onFrame: (done: number, of: number) => boolean): Promise<Blob | null> {
  const faces = await facesAsData()
  const gif = new Gif(small.width, small.height)
  for (const [i, { seconds }] of film.frames.entries()) {
    const canvas = await rasterOf(stillSvg(film, i, faces), small.width, small.height)
    const raster = canvas.getContext('2d')?.getImageData(0, 0, small.width, small.height)
    if (raster) gif.add(raster, seconds)
    if (!onFrame(i + 1, film.frames.length)) return null
  }
  return new Blob([gif.end()], { type: 'image/gif' })
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
