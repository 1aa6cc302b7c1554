import { line } from 'd3'
import { Drawing } from './figure.tsx'
import { courseHeight } from './gauge.ts'
import type { PictureProps } from './props.ts'

interface Props {
  readonly course: NonNullable<PictureProps['course']>
  readonly max: number
  readonly title: string
}

/** The value through time as steps. Where there is no gauge there is no line. */
export function GaugeCourse({ course: { frames, current }, max, title }: Props) {
  const values = frames.map((frame) => (frame?.kind === 'gauge' ? frame.value : null))
  const top = Math.max(1, max, ...values.map((value) => value ?? 0))
  return (
    <Drawing
      label={`${title} through time: ${values.map((value) => value ?? 'none').join(', ')}`}
      draw={(width) => {
        const cell = (width - 18) / Math.max(1, values.length)
        const y = (value: number) => courseHeight - 8 - (value / top) * (courseHeight - 18)
        const edges = values.flatMap((value, i) => [i, i + 1].map((edge) => ({ edge, value })))
        const path = line<(typeof edges)[number]>()
          .defined(({ value }) => value !== null)
          .x(({ edge }) => 16 + edge * cell)
          .y(({ value }) => y(value ?? 0))(edges)
        return {
          height: courseHeight,
          content: (
            <>
              {[0, top].map((value) => (
                <g key={value}>
                  <path className="gauge-grid" d={`M16 ${y(value)} H${width}`} />
                  <text x={0} y={y(value) + 4}>
                    {value}
                  </text>
                </g>
              ))}
              <path className="gauge-course" d={path ?? ''} />
              <path
                className="gauge-now"
                d={`M0 2 V${courseHeight}`}
                style={{ transform: `translateX(${16 + (current + 0.5) * cell}px)` }}
              />
            </>
          ),
        }
      }}
    />
  )
}
