import { useEffect, useMemo, useRef, useState } from 'react'
import { range, size } from '../../../base/range.ts'
import type { Plain } from '../../../base/plain.ts'
import { align, parseFunctionGraph } from '../../../narrate/read/function-graph.ts'
import type { Card } from '../../../scenarios/card.ts'
import type { Recording } from '../../../scenarios/notes.ts'
import type { NotesView, TraceView } from '../../../worker/protocol.ts'
import { besideHref } from '../../beside.ts'
import { useActions, useApp } from '../../lockstep.tsx'
import { useLateStep } from '../moment.ts'
import { RunLink } from './run-link.tsx'

/** What real kernels did, beside what the model does in the same situation. */
export function Recordings({ card, view, trace }: { card: Card; view: NotesView; trace: TraceView | null }) {
  const { recordings } = view.notes
  if (recordings.length === 0) return null
  return (
    <section className="recordings" aria-label="Seen on a real kernel">
      <h2>Seen on a real kernel</h2>
      {recordings.map((recording) => (
        <Recorded key={recording.id} card={card} recording={recording} view={view} trace={trace} />
      ))}
    </section>
  )
}

function Recorded({ card, recording, view, trace }: { card: Card; recording: Recording; view: NotesView; trace: TraceView | null }) {
  const [open, setOpen] = useState(false)
  const { run, fields } = view.recordings[recording.id] ?? { run: null, fields: [] }
  const otherwise = fields.filter((field) => !field.alike)
  const differing = fields.filter((field) => field.alike && !field.same)
  return (
    <div className="recording">
      <h3>
        Linux {recording.kernel}: {recording.says}
      </h3>
      <p>
        {otherwise.length === 0
          ? 'The model finds the same'
          : `The model finds something else in ${otherwise.map(({ field }) => names[field]).join(', ')}`}
        {differing.length === 0 ? '.' : `; sizes or places differ in ${differing.map(({ field }) => names[field]).join(', ')}.`}{' '}
        {run && (
          <RunLink card={card} run={run}>
            Open the same situation here
          </RunLink>
        )}
      </p>
      <div className="scrolls">
        <table>
          <thead>
            <tr>
              <th scope="col">seen</th>
              <th scope="col">on the real kernel</th>
              <th scope="col">in the model</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ field, recorded, model, same, why }) => (
              <tr key={field}>
                <th scope="row">{names[field]}</th>
                <td>{shown(field, recorded)}</td>
                <td>
                  {same ? 'the same' : shown(field, model)}
                  {why !== null && <span className="quiet"> ({why})</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {recording.saw.text && <pre tabIndex={0}>{recording.saw.text.join('\n')}</pre>}
      {recording.trace && (
        <>
          <p>
            <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'Put the recorded trace away' : `Lay the recorded ${recording.trace.kind} alongside`}
            </button>{' '}
            <span className="quiet">{recording.trace.says}</span>
          </p>
          {open && <Alongside recorded={recording.trace} trace={trace} />}
        </>
      )}
    </div>
  )
}

const names = {
  returns: 'returns',
  size: 'i_size',
  map: 'SEEK_DATA, SEEK_HOLE',
  content: 'content',
  log: 'log tree',
  console: 'kernel log',
  after: 'after the crash',
} as const

/** A field's value in words. */
function shown(field: keyof typeof names, value: Plain): string {
  if (value === null) return 'nothing'
  if (field === 'size') return amount(value as number)
  if (field === 'returns')
    return Object.entries(value as Record<string, number | null>)
      .map(([task, returned]) => `${task}: ${returned ?? 'nothing'}`)
      .join(', ')
  const list = value as readonly string[]
  if (list.length === 0) return field === 'console' ? 'nothing' : 'empty'
  if (field === 'console') return list.join('\n')
  if (field === 'log')
    return (list as unknown as [number, string, string | null, number, number][])
      .map(
        ([offset, kind, source, at, length]) => `${size(offset)} ${kind}${source === null ? '' : ` ${source}+${size(at)}`} ${size(length)}`,
      )
      .join(', ')
  if (field === 'content')
    return (list as unknown as [number, number, string][])
      .map(([from, to, stamp]) => `${range(from, to)} ${stamp === '0' ? 'zeros' : stamp}`)
      .join(', ')
  return (list as unknown as ['D' | 'H', number, number][])
    .map(([kind, from, to]) => `${kind === 'D' ? 'data' : 'hole'} ${range(from, to)}`)
    .join(', ')
}

const amount = (bytes: number): string => (size(bytes) === String(bytes) ? String(bytes) : `${bytes} (${size(bytes)})`)

interface AlongsideProps {
  readonly recorded: NonNullable<Recording['trace']>
  readonly trace: TraceView | null
}

/** The trace as it was printed; lines that are steps of the run on this page carry the step's number and follow it. */
function Alongside({ recorded, trace }: AlongsideProps) {
  const { where } = useApp()
  const { seek } = useActions()
  const text = useText(besideHref(where, `recordings/${recorded.file}`))
  const step = useLateStep(trace)
  const graph = useMemo(() => (typeof text === 'string' ? parseFunctionGraph(text) : null), [text])
  const alignment = useMemo(
    () =>
      graph && trace && recorded.kind === 'function graph'
        ? align(trace.steps, graph, recorded.tasks, Object.keys(recorded.leftOut ?? {}))
        : null,
    [graph, trace, recorded],
  )
  const box = useRef<HTMLOListElement>(null)
  const at = alignment?.pairs.findLast((pair) => pair.n <= step)
  useEffect(() => {
    const list = box.current
    const line = list?.querySelector<HTMLElement>('.is-now')
    if (list && line) list.scrollTop = line.offsetTop - list.clientHeight / 2
  }, [at?.call.line])
  if (text === null) return <p>Loading the trace.</p>
  if (text instanceof Error)
    return (
      <p role="alert">
        The trace {recorded.file} could not be loaded: {text.message}. Try again when the site can be reached.
      </p>
    )
  const stepOf = new Map(alignment?.pairs.map((pair) => [pair.call.line, pair.n]))
  return (
    <>
      {alignment && (
        <p className="quiet">
          {alignment.pairs.length} calls are steps of the run on this page
          {alignment.outOfOrder.length === 0
            ? ', in the same order.'
            : `; ${alignment.outOfOrder.length} functions that it enters come in another order here, so this is not the run that was recorded.`}{' '}
          {alignment.notInModel.length} functions of the trace are no steps of the model.
        </p>
      )}
      <ol ref={box} className="trace-lines" tabIndex={0} aria-label={recorded.file}>
        {graph?.lines.map((line, i) => {
          const n = stepOf.get(i)
          return (
            // Lines are text that never changes: their place is what they are.
            <li key={i} className={n === undefined ? undefined : at?.call.line === i ? 'is-step is-now' : 'is-step'}>
              {n === undefined ? (
                <span className="trace-step" />
              ) : (
                <button type="button" className="trace-step" onClick={() => seek(n)} aria-label={`step ${n}`}>
                  {n}
                </button>
              )}
              <code>{line}</code>
            </li>
          )
        })}
      </ol>
      {recorded.leftOut && (
        <details>
          <summary>Functions of the model that this trace cannot show</summary>
          <ul>
            {Object.entries(recorded.leftOut).map(([fn, why]) => (
              <li key={fn}>
                <code>{fn}</code>: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

/** A text file of this site; null while it comes. */
function useText(href: string): string | Error | null {
  const [text, setText] = useState<string | Error | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    fetch(href, { signal: stop.signal })
      .then(async (response) => {
        if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
        setText(await response.text())
      })
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setText(error instanceof Error ? error : new Error(String(error)))
      })
    return () => stop.abort()
  }, [href])
  return text
}
