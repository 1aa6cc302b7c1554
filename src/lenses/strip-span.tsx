import { hueStyle } from './hue.ts'
import { DamageSign, LetterBox } from './marks.tsx'
import { drawnOnce } from './memo.ts'
import type { Span } from '../picture/picture.ts'
import { paintOf } from './patterns.tsx'
import { charWidth, type SpanBox } from './strip-layout.ts'
import { isGap, spanInWords } from './words.ts'

/** One span of a lane. It keeps its elements while it keeps its id, so that CSS can move them. */
export const StripSpan = drawnOnce(function StripSpan({ box, prefix, hatched }: { box: SpanBox; prefix: string; hatched: boolean }) {
  const { span } = box
  const classes = [
    'strip-span',
    `is-${span.fill}`,
    box.change === 'gone' ? 'is-gone' : '',
    span.damaged ? 'is-damaged' : '',
    hatched ? 'is-hatched' : '',
  ]
  return (
    <g className={classes.filter(Boolean).join(' ')} style={hueStyle(span.task)}>
      <title>{[spanInWords(span), span.note].filter(Boolean).join('; ')}</title>
      {isGap(span.fill) ? <Gap box={box} /> : span.fill === 'locked' ? <Bracket box={box} /> : <Bar box={box} prefix={prefix} />}
      {hatched && !isGap(span.fill) && (
        <rect x={box.x} y={box.y} width={box.width} height={box.height} fill={`url(#${prefix}-damage)`} className="strip-box" />
      )}
    </g>
  )
})

/** The words of a span, drawn after all bars, hatches and plumb lines so that nothing crosses them out. */
export const SpanText = drawnOnce(function SpanText({ box, onHatching }: { box: SpanBox; onHatching: boolean }) {
  const { span, text } = box
  if (text === null) return null
  const half = (text.length * charWidth) / 2
  const signed = span.damaged === true && isGap(span.fill) && box.width > half * 2 + 48
  const classes = [
    'strip-span',
    `is-${span.fill}`,
    box.change === 'gone' ? 'is-gone' : '',
    span.damaged ? 'is-damaged' : '',
    onHatching ? 'is-on-hatching' : '',
  ]
  return (
    <g className={classes.filter(Boolean).join(' ')}>
      <g className="strip-text" style={{ transform: `translate(${box.x + box.width / 2}px, ${box.y + box.height / 2 + 4.2}px)` }}>
        {isGap(span.fill) && (
          <rect className="strip-paper" x={-half - 6 - (signed ? 15 : 0)} y={-12} width={half * 2 + 12 + (signed ? 15 : 0)} height={16} />
        )}
        {signed && <DamageSign x={-half - 16} y={0.5} />}
        <SpanWords text={text} span={span} from={-half} />
      </g>
    </g>
  )
})

/** What the words inside a span take of its lane. */
export function wordsOf({ key, x, width, text }: SpanBox): { readonly key: string; readonly x: number; readonly width: number } {
  const own = (text?.length ?? 0) * charWidth
  return { key, x: x + (width - own) / 2, width: own }
}

/** Which parts of a span's words are a stamp, and the letter of a task. */
function partsOf(text: string, { fill, label, task }: Span): { readonly stamp: string; readonly who: string; readonly by: string } {
  const first = !isGap(fill) && label !== null && (text === label || text.startsWith(`${label} `)) ? label : ''
  const who = first !== '' && first === task ? first : ''
  return {
    stamp: who === '' && first.length <= 2 ? first : '',
    who,
    by: who === '' && task !== null && text.endsWith(` by ${task}`) ? task : '',
  }
}

/**
 * The words of a span, beginning at `from`. A stamp, which says what the data are, is written otherwise than the letter of a task,
 * which has its box everywhere.
 */
export function SpanWords({ text, span, from, x, y }: { text: string; span: Span; from: number; x?: number; y?: number }) {
  const { stamp, who, by } = partsOf(text, span)
  return (
    <>
      {who !== '' && <LetterBox x={from} y={y ?? 0} letter={who} />}
      {by !== '' && <LetterBox x={from + (text.length - by.length) * charWidth} y={y ?? 0} letter={by} />}
      <text x={x} y={y}>
        {stamp !== '' && <tspan className="strip-stamp">{stamp}</tspan>}
        {text.slice(stamp.length)}
      </text>
    </>
  )
}

function Bar({ box, prefix }: { box: SpanBox; prefix: string }) {
  const { x, y, width, height, span } = box
  return (
    <>
      <rect className="strip-box" x={x} y={y} width={width} height={height} fill={paintOf(prefix, span.fill, span.task)} />
      <rect className="strip-box strip-edge" x={x + 0.5} y={y + 0.5} width={Math.max(width - 1, 1)} height={height - 1} fill="none" />
    </>
  )
}

/** A hole is nothing with a size: a dimension line between two ends, as on a drawing board. */
function Gap({ box }: { box: SpanBox }) {
  const { x, y, width, height } = box
  const middle = y + height / 2
  return (
    <>
      <rect className="strip-box strip-air" x={x} y={y} width={width} height={height} />
      <rect className="strip-box strip-thin" x={x} y={middle - 0.5} width={width} height={1} />
      <rect className="strip-box strip-thin" x={x} y={y + 3} width={1} height={height - 6} />
      <rect className="strip-box strip-thin" x={x + width - 1} y={y + 3} width={1} height={height - 6} />
      {width > 24 && <path className="strip-arrow" d="M1 0 L7 -3 V3 Z" style={{ transform: `translate(${x}px, ${middle}px)` }} />}
      {width > 24 && <path className="strip-arrow" d="M-1 0 L-7 -3 V3 Z" style={{ transform: `translate(${x + width}px, ${middle}px)` }} />}
    </>
  )
}

/** A locked range lies over whatever else is there: two brackets and a line above and below. */
function Bracket({ box }: { box: SpanBox }) {
  const { x, y, width, height } = box
  return (
    <>
      <rect className="strip-box strip-air" x={x} y={y} width={width} height={height} />
      {[y - 2, y + height].map((at) => (
        <rect key={at} className="strip-box strip-bold" x={x} y={at} width={width} height={2} />
      ))}
      {[x, x + width - 3].map((at, i) => (
        <rect key={i} className="strip-box strip-bold" x={at} y={y - 2} width={3} height={height + 4} />
      ))}
    </>
  )
}
