import { useId } from 'react'
import type { ExtentStrip } from '../picture/picture.ts'
import { Drawing, Figure } from './figure.tsx'
import { hueStyle } from './hue.ts'
import { ChangeMark, DamageSign, LetterBox } from './marks.tsx'
import { drawnOnce } from './memo.ts'
import { Patterns } from './patterns.tsx'
import { Ruler } from './ruler.tsx'
import { SpanText, SpanWords, StripSpan, wordsOf } from './strip-span.tsx'
import { laidOut, type Callout, type LaneBox, type MarkerBox, type OverlapBox, type SpanBox, type StripLayout } from './strip-layout.ts'
import { range } from '../base/range.ts'
import { stripInWords } from './words.ts'
import './strip.css'

/** Lanes over one file-offset axis: what covers which bytes, with plumb lines for the offsets that have a name. */
export function ExtentStripLens({
  picture,
  previous = null,
  fills = false,
}: {
  picture: ExtentStrip
  previous?: ExtentStrip | null
  fills?: boolean
}) {
  const prefix = useId().replace(/\W/g, '')
  return (
    <Figure title={picture.title} kind="strip" fills={fills}>
      <Drawing
        label={stripInWords(picture)}
        fills={fills}
        draw={(width, room) => {
          const layout = laidOut(picture, previous, width, room)
          return { height: layout.height, content: <Strip layout={layout} prefix={prefix} /> }
        }}
      />
    </Figure>
  )
}

function Strip({ layout, prefix }: { layout: StripLayout; prefix: string }) {
  const inOverlap = (box: { key: string; x: number; width: number }) =>
    layout.overlaps.some(
      (other) => other.key.split('/')[0] === box.key.split('/')[0] && other.x < box.x + box.width && box.x < other.x + other.width,
    )
  const isHatched = (box: SpanBox) => Boolean(box.span.damaged) && box.change !== 'gone' && !inOverlap(box)
  return (
    <>
      <Patterns prefix={prefix} spans={layout.spans.map((box) => box.span)} />
      <Ruler
        pieces={layout.scale.pieces}
        ticks={layout.ticks}
        top={layout.lanes[0]?.y ?? layout.bottom}
        bottom={layout.bottom}
        right={layout.right}
        note={magnification(layout)}
      />
      {layout.lanes.map((lane) => (
        <LaneRail key={lane.lane.id} barTop={lane.barTop} bar={layout.bar} left={layout.left} right={layout.right} />
      ))}
      {layout.spans.map((box) => (
        <StripSpan key={box.key} box={box} prefix={prefix} hatched={isHatched(box)} />
      ))}
      {layout.overlaps.map((box) => (
        <Overlap key={box.key} box={box} prefix={prefix} />
      ))}
      {layout.markers.map((box) => (
        <Plumb key={box.marker.id} box={box} bottom={layout.bottom} />
      ))}
      {layout.lanes.map((lane) => (
        <LaneTitle
          key={lane.lane.id}
          titleLines={lane.titleLines}
          y={lane.y}
          barTop={lane.barTop}
          bar={layout.bar}
          narrow={layout.narrow}
        />
      ))}
      {layout.spans.map((box) => (
        <SpanText key={box.key} box={box} onHatching={isHatched(box) || inOverlap(wordsOf(box))} />
      ))}
      {layout.callouts.map((callout) => (
        <CalloutText key={callout.key} callout={callout} />
      ))}
      {layout.signs.map(({ key, x, y, gone }) => (
        <ChangeMark key={key} x={x} y={y} gone={gone} />
      ))}
      {layout.markers.map((box) => (
        <MarkerLabel key={box.marker.id} box={box} />
      ))}
    </>
  )
}

function magnification(layout: StripLayout): string | null {
  const focus = layout.scale.pieces.find((piece) => piece.focus)
  if (!focus || layout.scale.magnified === null) return null
  const times = layout.scale.magnified
  return `${range(focus.from, focus.to)} drawn ${times < 10 ? times.toFixed(1) : Math.round(times)} times wider`
}

type LaneRailProps = Pick<LaneBox, 'barTop'> & Pick<StripLayout, 'bar' | 'left' | 'right'>

const LaneRail = drawnOnce(function LaneRail({ barTop, bar, left, right }: LaneRailProps) {
  return <path className="strip-rail" d={`M${left} ${barTop} H${right} M${left} ${barTop + bar} H${right}`} />
})

type LaneTitleProps = Pick<LaneBox, 'titleLines' | 'y' | 'barTop'> & Pick<StripLayout, 'bar' | 'narrow'>

/** Drawn after the plumb lines: where titles stand above their lanes, an offset near 0 would cross them out. */
const LaneTitle = drawnOnce(function LaneTitle({ titleLines, y, barTop, bar, narrow }: LaneTitleProps) {
  const top = narrow ? y + 12 : barTop + bar / 2 + 4 - (titleLines.length - 1) * 6.5
  return (
    <g className="strip-lane">
      {titleLines.map((line, i) => (
        <text key={i} className="strip-lane-title" x={0} y={top + i * 13}>
          {line}
        </text>
      ))}
    </g>
  )
})

const Overlap = drawnOnce(function Overlap({ box, prefix }: { box: OverlapBox; prefix: string }) {
  return (
    <rect
      className={box.damaged ? 'strip-overlap is-damaged' : 'strip-overlap'}
      x={box.x}
      y={box.y}
      width={box.width}
      height={box.height}
      fill={`url(#${prefix}-${box.damaged ? 'damage' : 'shared'})`}
    />
  )
})

const CalloutText = drawnOnce(function CalloutText({ callout }: { callout: Callout }) {
  const textX = callout.x + (callout.damaged ? 15 : 0)
  return (
    <g className={callout.damaged ? 'strip-callout is-damaged' : 'strip-callout'}>
      <path d={`M${callout.anchor} ${callout.from} V${callout.y - 10}`} className="strip-leader" />
      <rect className="strip-paper" x={callout.x - 2} y={callout.y - 9} width={callout.width + 4} height={11} />
      {callout.damaged && <DamageSign x={callout.x} y={callout.y} />}
      {callout.span ? (
        <SpanWords text={callout.text} span={callout.span} from={textX} x={textX} y={callout.y} />
      ) : (
        <text x={textX} y={callout.y}>
          {callout.text}
        </text>
      )}
    </g>
  )
})

const Plumb = drawnOnce(function Plumb({ box, bottom }: { box: MarkerBox; bottom: number }) {
  const top = box.label.y + 2
  return (
    <g
      className={box.marker.damaged ? 'strip-plumb is-damaged' : 'strip-plumb'}
      style={{ ...hueStyle(box.marker.task), transform: `translate(${box.x}px, ${top}px)` }}
    >
      <path d={`M0 0 V${bottom - top}`} />
    </g>
  )
})

const MarkerLabel = drawnOnce(function MarkerLabel({ box }: { box: MarkerBox }) {
  return (
    <g
      className={box.marker.damaged ? 'strip-marker is-damaged' : 'strip-marker'}
      style={{ ...hueStyle(box.marker.task), transform: `translate(${box.label.x}px, ${box.label.y}px)` }}
    >
      {box.marker.damaged && <DamageSign x={0} y={12} />}
      {box.marker.task !== null && box.text.startsWith(`${box.marker.task} `) && (
        <LetterBox x={box.marker.damaged ? 15 : 2} y={12} letter={box.marker.task} />
      )}
      <text x={box.marker.damaged ? 15 : 2} y={12}>
        {box.text}
      </text>
      {box.change !== 'same' && <ChangeMark x={box.label.width - 6} y={12} />}
    </g>
  )
})
