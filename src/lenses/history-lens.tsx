import { memo, useId } from 'react'
import { overlaps, range, size } from '../base/range.ts'
import type { HistoryBand, HistoryOverlap, HistoryRun } from '../picture/history.ts'
import { offsetScale, type OffsetScale } from './axis.ts'
import { Drawing, Figure } from './figure.tsx'
import { hueStyle } from './hue.ts'
import { DamageSign } from './marks.tsx'
import { paintOf, Patterns } from './patterns.tsx'
import { edgeOf, evenAxis, historyHeight, type StepAxis } from './step-axis.ts'
import { charWidth } from './strip-layout.ts'
import { fillWords, isGap } from './words.ts'
import './strip.css'
import './history.css'

const top = 18
/** Room for the names of offsets beside a band that stands by itself. */
const margin = 48
const depth = historyHeight - top - 8

/** One lane of a strip through time, by itself: steps to the right, file offset downwards. */
export function HistoryLens({ band, current }: { band: HistoryBand; current: number }) {
  return (
    <Figure title={`${band.title} through time`} kind="history">
      <Drawing
        label={historyInWords(band)}
        draw={(width) => {
          const axis = evenAxis(band.states, width - margin)
          return {
            height: historyHeight,
            content: (
              <>
                <HistoryOffsets band={band} y={0} x={margin - 6} anchor="end" />
                <g transform={`translate(${margin} 0)`}>
                  <HistoryDrawing band={band} axis={axis} y={0} current={current} />
                </g>
              </>
            ),
          }
        }}
      />
    </Figure>
  )
}

/** The same inside a drawing that already has a step axis. */
export function HistoryDrawing({ band, axis, y, current }: { band: HistoryBand; axis: StepAxis; y: number; current: number }) {
  const future = edgeOf(axis, current + 1)
  return (
    <g className="history">
      <Fills band={band} axis={axis} y={y} />
      {future < axis.width && <rect className="history-future" x={future} y={y + top - 3} width={axis.width - future} height={depth + 6} />}
    </g>
  )
}

/** The whole course; it is the same in every state, so a step does not draw it again. */
const Fills = memo(function Fills({ band, axis, y }: { band: HistoryBand; axis: StepAxis; y: number }) {
  const prefix = useId().replace(/\W/g, '')
  const scale = offsetScale(band.axis, y + top, y + top + depth)
  return (
    <>
      <Patterns prefix={prefix} spans={band.runs} />
      {edgesOf(scale).map((offset) => (
        <path key={offset} className="history-grid" d={`M0 ${scale.at(offset)} H${axis.width}`} />
      ))}
      {band.runs.map((run) => (
        <Run
          key={run.id}
          run={run}
          axis={axis}
          scale={scale}
          prefix={prefix}
          hatched={run.damaged && !band.overlaps.some((shared) => meets(shared, run))}
        />
      ))}
      {band.overlaps.map((shared) => (
        <rect
          key={shared.id}
          className={shared.damaged ? 'strip-overlap is-damaged' : 'strip-overlap'}
          {...boxOf(shared, axis, scale)}
          fill={`url(#${prefix}-${shared.damaged ? 'damage' : 'shared'})`}
        >
          <title>{`overlap on ${range(shared.from, shared.to)} since step ${shared.since}`}</title>
        </rect>
      ))}
      {band.overlaps
        .filter((shared) => shared.damaged)
        .map((shared) => (
          <OverlapWords key={shared.id} shared={shared} box={boxOf(shared, axis, scale)} end={axis.width} />
        ))}
    </>
  )
})

function boxOf(run: { from: number; to: number; since: number; until: number }, axis: StepAxis, scale: OffsetScale) {
  const y = scale.at(run.from)
  return {
    x: edgeOf(axis, run.since),
    y,
    width: edgeOf(axis, run.until) - edgeOf(axis, run.since),
    height: Math.max(3, scale.at(run.to) - y),
  }
}

/** Do two rectangles share a byte and a state? Where they do, the overlap is the damage, not the whole run. */
const meets = (a: HistoryOverlap, b: HistoryRun) => overlaps(a, b) && a.since < b.until && b.since < a.until

function Run({
  run,
  axis,
  scale,
  prefix,
  hatched,
}: {
  run: HistoryRun
  axis: StepAxis
  scale: OffsetScale
  prefix: string
  hatched: boolean
}) {
  const box = boxOf(run, axis, scale)
  const text = isGap(run.fill) ? `${size(run.to - run.from)} ${fillWords[run.fill]}` : (run.label ?? fillWords[run.fill])
  const roomy = box.height >= 13 && text.length * charWidth + 6 <= box.width
  return (
    <g className={`strip-span history-run is-${run.fill}${hatched ? ' is-damaged' : ''}`} style={hueStyle(run.task)}>
      <title>{`${text} ${range(run.from, run.to)} in states ${run.since} to ${run.until - 1}`}</title>
      <rect {...box} fill={paintOf(prefix, run.fill, run.task)} className="strip-edge" />
      {hatched && !isGap(run.fill) && <rect {...box} fill={`url(#${prefix}-damage)`} />}
      {isGap(run.fill) && (
        <path className="history-hole" d={`M${box.x} ${box.y + 0.5} h${box.width} M${box.x} ${box.y + box.height - 0.5} h${box.width}`} />
      )}
      {roomy && (
        <g className="strip-text" style={{ transform: `translate(${box.x + box.width / 2}px, ${box.y + box.height / 2 + 4.2}px)` }}>
          <text className={!isGap(run.fill) && run.label !== null ? 'strip-stamp' : undefined}>{text}</text>
        </g>
      )}
    </g>
  )
}

/** The words of an overlap stand above it from where it begins; it is often only a line. */
function OverlapWords({ shared, box, end }: { shared: HistoryOverlap; box: { x: number; y: number }; end: number }) {
  const text = `${size(shared.to - shared.from)} overlap`
  const width = text.length * charWidth + 20
  const x = Math.max(0, Math.min(box.x + 4, end - width))
  return (
    <g className="strip-callout is-damaged">
      <DamageSign x={x} y={box.y - 4} />
      <text x={x + 15} y={box.y - 4}>
        {text}
      </text>
    </g>
  )
}

/** The names of the offsets at which a band's scale begins, changes and ends. */
export function HistoryOffsets({ band, y, x, anchor }: { band: HistoryBand; y: number; x: number; anchor: 'start' | 'end' }) {
  const scale = offsetScale(band.axis, y + top, y + top + depth)
  const named = edgesOf(scale).reduce<readonly number[]>(
    (kept, offset) => (scale.at(offset) - scale.at(kept.at(-1) ?? -Infinity) >= 12 || kept.length === 0 ? [...kept, offset] : kept),
    [],
  )
  return named.map((offset) => (
    <text key={offset} className="history-offset" x={x} y={scale.at(offset) + 4} textAnchor={anchor}>
      {size(offset)}
    </text>
  ))
}

const edgesOf = (scale: OffsetScale): number[] => scale.pieces.flatMap((piece, i) => (i === 0 ? [piece.from, piece.to] : [piece.to]))

/** The band as sentences: what was there, and since when. */
export function historyInWords(band: HistoryBand): string {
  const runs = band.runs.map((run) =>
    `${isGap(run.fill) ? '' : (run.label ?? '')} ${fillWords[run.fill]} ${range(run.from, run.to)} from state ${run.since} to ${run.until - 1}`.trim(),
  )
  const overlaps = band.overlaps.map((shared) => `overlap on ${range(shared.from, shared.to)} since step ${shared.since}`)
  return `${band.title} through time: ${[...runs, ...overlaps].join('; ')}.`
}
