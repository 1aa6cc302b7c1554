import { useId } from 'react'
import type { Fill } from '../picture/picture.ts'
import { ChangeMark, DamageSign } from './marks.tsx'
import { paintOf, Patterns } from './patterns.tsx'
import { fillShort, fillWords, isGap } from './words.ts'
import './theme.css'
import './lenses.css'
import './strip.css'
import './tables.css'
import './legend.css'

/** What a model can draw: it knows all of its own state. */
const every: readonly Fill[] = (Object.keys(fillWords) as Fill[]).filter((fill) => fill !== 'unknown')
const words: Readonly<Partial<Record<Fill, string>>> = {
  data: 'data, with the letter of who wrote them',
  new: 'not uptodate: no content yet',
  unwritten: 'unwritten: allocated, reads as zeros',
  hole: 'hole, with its size',
  zeros: 'zeros, with their length',
  pending: 'pending: on its way',
  done: 'I/O done, still to be recorded',
  failed: 'failed: gives no data',
  unknown: 'unknown: the text does not tell',
}

/** What the patterns and signs mean. It stays on the page: nobody should have to remember a pattern. */
export function Legend({ fills = every }: { fills?: readonly Fill[] }) {
  const prefix = useId().replace(/\W/g, '')
  return (
    <ul className="lens legend" aria-label="Legend">
      {fills.map((fill) => (
        <li key={fill}>
          <svg viewBox="0 0 34 18" aria-hidden="true" className={`strip-span is-${fill}`}>
            <Patterns prefix={`${prefix}${fill}`} spans={[{ fill, task: null }]} />
            <Swatch fill={fill} paint={paintOf(`${prefix}${fill}`, fill, null)} />
          </svg>
          {words[fill] ?? fillWords[fill]}
          {fillShort[fill] && <span className="lens-quiet lens-mono"> {fillShort[fill]}</span>}
        </li>
      ))}
      <li>
        <svg viewBox="0 0 34 18" aria-hidden="true" className="legend-call">
          <rect x="1" y="2" width="32" height="11" className="is-call" />
          <rect x="3" y="3" width="9" height="9" className="is-step" />
          <rect x="13" y="3" width="9" height="9" className="is-step" />
          <path d="M24 12 l4 -9 M28 12 l4 -9" />
        </svg>
        a call, its own steps, its wait
      </li>
      <li>
        <svg viewBox="0 0 34 18" aria-hidden="true">
          <Patterns prefix={`${prefix}x`} spans={[]} />
          <rect x="1" y="1" width="32" height="16" fill={`url(#${prefix}x-damage)`} className="strip-overlap is-damaged" />
        </svg>
        damage
        <svg viewBox="-1 -11 13 12" className="lens-icon" aria-hidden="true">
          <DamageSign x={0} y={0} />
        </svg>
      </li>
      <li>
        <svg viewBox="-5 -7 26 8" className="legend-mark" aria-hidden="true">
          <ChangeMark x={0} y={0} />
          <ChangeMark x={15} y={0} gone />
        </svg>
        changed, gone at this step
      </li>
    </ul>
  )
}

function Swatch({ fill, paint }: { fill: Fill; paint: string }) {
  if (isGap(fill))
    return (
      <>
        <path d="M1.5 2 V16 M32.5 2 V16 M2 9 H32" className="legend-line" />
        <path d="M2 9 L8 6 V12 Z M32 9 L26 6 V12 Z" className="strip-arrow" />
      </>
    )
  if (fill === 'locked') return <path d="M8 1 H2 V17 H8 M26 1 H32 V17 H26 M8 1 H26 M8 17 H26" className="legend-lock" />
  return <rect x="1" y="1" width="32" height="16" fill={paint} className="strip-edge" />
}
