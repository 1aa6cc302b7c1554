/** The patterns that tell fills apart without colour. One set per drawing, for the hues that it uses. */
import type { ReactNode } from 'react'
import type { Fill } from '../picture/picture.ts'
import { hueName, hueStyle } from './hue.ts'
import { drawnOnce } from './memo.ts'
import { isGap } from './words.ts'

/** Fills that are drawn with a pattern or a tint; gaps stay open and locks are brackets. */
type Patterned = Exclude<Fill, 'hole' | 'zeros' | 'locked'>

const isPatterned = (fill: Fill): fill is Patterned => !isGap(fill) && fill !== 'locked'

const tile = 8
const stripes = (width: number, up: boolean): ReactNode => (
  <path
    d={
      up
        ? `M-2 2 L2 -2 M0 ${tile} L${tile} 0 M${tile - 2} ${tile + 2} L${tile + 2} ${tile - 2}`
        : `M-2 ${tile - 2} L2 ${tile + 2} M0 0 L${tile} ${tile} M${tile - 2} -2 L${tile + 2} 2`
    }
    className="lens-stroke"
    strokeWidth={width}
  />
)
const wash = (className: string): ReactNode => <rect width={tile} height={tile} className={className} />

const drawings: Readonly<Record<Patterned, ReactNode>> = {
  data: wash('lens-tint'),
  dirty: (
    <>
      {wash('lens-tint-weak')}
      {stripes(2.2, true)}
    </>
  ),
  writeback: (
    <>
      {wash('lens-tint-weak')}
      <path d="M1 -1 L5 4 L1 9" className="lens-stroke" strokeWidth={1.4} />
    </>
  ),
  clean: (
    <>
      {wash('lens-tint-weak')}
      <path d="M0 2 H8 M0 6 H8" className="lens-stroke" strokeWidth={0.7} />
    </>
  ),
  new: (
    <>
      <path d="M2 2 h0 M6 6 h0" className="lens-stroke" strokeWidth={1.2} strokeLinecap="round" />
      {stripes(0.8, true)}
    </>
  ),
  unwritten: <path d="M2 2 h0 M6 6 h0" className="lens-stroke" strokeWidth={2} strokeLinecap="round" />,
  pending: stripes(0.8, true),
  done: (
    <>
      {wash('lens-tint-weak')}
      {stripes(0.8, true)}
    </>
  ),
  failed: (
    <>
      {stripes(0.8, false)}
      <path d="M0 4 H8" className="lens-stroke" strokeWidth={0.8} />
    </>
  ),
  unknown: <path d="M0 4 Q2 1 4 4 T8 4" className="lens-stroke" fill="none" strokeWidth={0.7} />,
}

/** The `<pattern>`s for these spans; `prefix` keeps the ids of several drawings on a page apart. */
export function Patterns({ prefix, spans }: { prefix: string; spans: readonly { readonly fill: Fill; readonly task: string | null }[] }) {
  const used = new Map(spans.map(({ fill, task }) => [`${fill}-${hueName(task)}`, { fill, task }]))
  const sorted = [...used].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, use]) => ({ name, ...use }))
  return <Definitions prefix={prefix} used={sorted} />
}

interface DefinitionsProps {
  readonly prefix: string
  readonly used: readonly { readonly name: string; readonly fill: Fill; readonly task: string | null }[]
}

const Definitions = drawnOnce(function Definitions({ prefix, used }: DefinitionsProps) {
  return (
    <defs>
      {used.map(({ name, fill, task }) => {
        if (!isPatterned(fill)) return null
        return (
          <pattern key={name} id={`${prefix}-${name}`} width={tile} height={tile} patternUnits="userSpaceOnUse" style={hueStyle(task)}>
            {drawings[fill]}
          </pattern>
        )
      })}
      {(['damage', 'shared'] as const).map((name) => (
        <pattern key={name} id={`${prefix}-${name}`} width={7} height={7} patternUnits="userSpaceOnUse">
          <path d="M0 0 L7 7 M7 0 L0 7" className={`lens-cross-${name}`} strokeWidth={1.1} />
        </pattern>
      ))}
    </defs>
  )
})

/** The paint of a fill in a drawing whose patterns have this prefix. */
export const paintOf = (prefix: string, fill: Fill, task: string | null): string =>
  isPatterned(fill) ? `url(#${prefix}-${fill}-${hueName(task)})` : 'none'
