import { useId } from 'react'
import { size } from '../base/range.ts'
import { wholeId, wholeRuns } from '../picture/mark.ts'
import type { BufferRun, UserBuffer } from '../picture/picture.ts'
import { linear } from './axis.ts'
import { changesBetween } from './changes.ts'
import { Drawing, Figure } from './figure.tsx'
import { hueStyle } from './hue.ts'
import { ChangeMark, DamageSign } from './marks.tsx'
import { Patterns } from './patterns.tsx'
import { charWidth, narrowBelow } from './strip-layout.ts'
import { bar, bufferHeight, rowsOf } from './user-buffer-layout.ts'
import './strip.css'
import './tables.css'

const page = 4096

/** A user buffer page by page: what the memory holds, and whether this process's page table knows. */
export function UserBufferLens({ picture, previous = null }: { picture: UserBuffer; previous?: UserBuffer | null }) {
  const prefix = useId().replace(/\W/g, '')
  return (
    <Figure title={picture.title} kind="buffer" owner={picture.owner}>
      <Drawing label={bufferInWords(picture)} draw={(width) => drawBuffer(picture, previous, width, prefix)} />
    </Figure>
  )
}

function drawBuffer(picture: UserBuffer, previous: UserBuffer | null, width: number, prefix: string) {
  const narrow = width < narrowBelow
  const left = narrow ? 4 : 190
  const right = width - 14
  const at = linear([0, Math.max(1, picture.pages)], [left, right])
  const changes = changesBetween(previous && wholeRuns(previous.runs), wholeRuns(picture.runs))
  const titles = ['content in memory', "in this process's page table"]
  const { barTop, bottom } = rowsOf(width)
  const content = (
    <>
      <Patterns prefix={prefix} spans={[]} />
      <defs>
        <pattern id={`${prefix}-pin`} width={6} height={6} patternUnits="userSpaceOnUse">
          <path d="M0 6 L6 0" className="buffer-pin" />
        </pattern>
      </defs>
      {picture.runs.map((run) => (
        <Run
          key={run.id}
          run={run}
          at={at}
          tops={[barTop(0), barTop(1)]}
          task={picture.owner}
          paint={`url(#${prefix}-pin)`}
          hatch={`url(#${prefix}-damage)`}
          changed={changes.of(wholeId(run.id)) !== 'same'}
        />
      ))}
      <PageRuler pages={picture.pages} at={at} y={bottom} />
      {picture.iter !== null && (
        <Iter
          x={at(picture.iter / page)}
          bottom={bottom}
          byte={picture.iter}
          task={picture.owner}
          right={right}
          was={previous?.iter ?? null}
        />
      )}
      {titles.map((title, row) => (
        <text key={title} className="strip-lane-title buffer-title" x={0} y={narrow ? barTop(row) - 8 : barTop(row) + 17}>
          {title}
        </text>
      ))}
    </>
  )
  return { height: bufferHeight(width), content }
}

interface RunProps {
  readonly run: BufferRun
  readonly at: (pages: number) => number
  readonly tops: readonly [number, number]
  readonly task: string
  readonly paint: string
  readonly hatch: string
  readonly changed: boolean
}

function Run({ run, at, tops, task, paint, hatch, changed }: RunProps) {
  const x = at(run.firstPage)
  const width = at(run.firstPage + run.pages) - x
  const texts: [string[], string[]] = [
    run.content === null ? ['never touched', 'none'] : run.content === '0' ? ['the zero page', 'zeros', '0'] : [run.content],
    run.present
      ? run.pinned
        ? ['present, pinned', 'pinned']
        : ['present', 'yes']
      : run.pinned
        ? ['not present, pinned', 'pinned']
        : ['not present', 'no'],
  ]
  return (
    <g className={run.damaged ? 'strip-span is-damaged' : 'strip-span'} style={hueStyle(task)}>
      <title>{runInWords(run)}</title>
      <rect
        className={`strip-box buffer-content ${run.content === null ? 'is-untouched' : ''}`}
        x={x + 0.5}
        y={tops[0] + 0.5}
        width={Math.max(2, width - 1)}
        height={bar}
      />
      {run.damaged && (
        <>
          <rect className="strip-box" x={x + 0.5} y={tops[0] + 0.5} width={Math.max(2, width - 1)} height={bar} fill={hatch} />
          <DamageSign x={x + width / 2 - 5.5} y={tops[0] - 2} />
        </>
      )}
      <rect
        className={`strip-box buffer-entry ${run.present ? 'is-present' : ''}`}
        x={x + 0.5}
        y={tops[1] + 0.5}
        width={Math.max(2, width - 1)}
        height={bar}
      />
      {run.pinned && <rect className="strip-box" x={x + 1} y={tops[1] + bar - 6} width={Math.max(1, width - 2)} height={6} fill={paint} />}
      {texts.map((candidates, row) => {
        const text = candidates.find((candidate) => candidate.length * charWidth + 6 <= width)
        return (
          text && (
            <g key={row} className="strip-text" style={{ transform: `translate(${x + width / 2}px, ${(tops[row] ?? 0) + 17}px)` }}>
              <text className={row === 0 && text === run.content ? 'strip-stamp' : undefined}>{text}</text>
            </g>
          )
        )
      })}
      {changed && tops.map((top) => <ChangeMark key={top} x={x + Math.min(8, width / 2)} y={top} />)}
    </g>
  )
}

/** Ticks at round page numbers. */
function PageRuler({ pages, at, y }: { pages: number; at: (pages: number) => number; y: number }) {
  const step = [1, 2, 4, 8, 16, 32, 64, 128, 256].find((candidate) => at(candidate) - at(0) >= 46) ?? 512
  const ticks = [...Array.from({ length: Math.ceil(pages / step) }, (_, i) => i * step), pages].filter(
    (tick, i, all) => i === all.length - 1 || at(pages) - at(tick) >= 40,
  )
  return (
    <g>
      <path className="strip-axis" d={`M${at(0)} ${y} H${at(pages)}`} />
      {ticks.map((tick) => (
        <g key={tick}>
          <path className="strip-tick" d={`M${at(tick)} ${y} v5`} />
          <text x={at(tick)} y={y + 16} textAnchor={tick === pages ? 'end' : tick === 0 ? 'start' : 'middle'}>
            {size(tick * page)}
          </text>
        </g>
      ))}
    </g>
  )
}

function Iter({
  x,
  bottom,
  byte,
  task,
  right,
  was,
}: {
  x: number
  bottom: number
  byte: number
  task: string
  right: number
  was: number | null
}) {
  const moved = was !== null && was !== byte
  const text = `iov_iter ${size(byte)}${moved ? `, was ${size(was)}` : ''}`
  const width = text.length * charWidth + 14
  const flipped = x + 5 + width > right + 12
  return (
    <>
      <g className="strip-plumb" style={{ ...hueStyle(task), transform: `translate(${x}px, 0px)` }}>
        <path d={`M0 3 V${bottom}`} />
      </g>
      <g className="strip-marker" style={{ ...hueStyle(task), transform: `translate(${flipped ? x - 5 - width : x + 5}px, 0px)` }}>
        <text x={0} y={13}>
          {text}
        </text>
        {moved && <ChangeMark x={width - 6} y={13} />}
      </g>
    </>
  )
}

const runInWords = (run: BufferRun): string =>
  [
    `pages ${run.firstPage} to ${run.firstPage + run.pages - 1}`,
    run.content === null ? 'never touched' : run.content === '0' ? 'the zero page' : `hold ${run.content}`,
    run.present ? 'present' : "not in this process's page table",
    ...(run.pinned ? ['pinned'] : []),
    ...(run.damaged ? ['damaged'] : []),
  ].join(', ')

/** The buffer as one sentence for each run. */
export const bufferInWords = (buffer: UserBuffer): string =>
  `${buffer.title}: ${buffer.runs.map(runInWords).join('; ')}${buffer.iter === null ? '' : `; iov_iter at ${size(buffer.iter)}`}.`
