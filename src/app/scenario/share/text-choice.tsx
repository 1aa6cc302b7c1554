/** Which text is wanted of the run on the screen, and that text as soon as the model has it. */
import { useEffect, useId, useMemo, useState } from 'react'
import { genres, widths, type Genre, type Level, type Wanted } from '../../../narrate/text/wanted.ts'
import type { CompareView, TraceView } from '../../../worker/protocol.ts'
import { useActions } from '../../lockstep.tsx'

const called: Readonly<Record<Genre, string>> = {
  page: 'all that a page without scripts says',
  steps: 'numbered steps',
  cpu: 'a column for each CPU',
  strip: 'layout over a ruler',
  leaf: 'leaf in boxes',
  'before-after': 'before and after',
  fiemap: 'fiemap -v',
  filefrag: 'filefrag -v',
  log: 'log tree, as dump-tree prints it',
  letters: 'who ran when, in letters',
  why: 'why, and how often',
}

const parts = { all: 'the whole run', until: 'up to this step', here: 'this step' } as const
const levels: Readonly<Record<Level, string>> = { beats: 'moments of the story', all: 'all steps' }

export interface Chosen extends Pick<Wanted, 'genre' | 'width' | 'level'> {
  readonly part: keyof typeof parts
}

export function TextChoice({ chosen, onChoose }: { chosen: Chosen; onChoose: (chosen: Chosen) => void }) {
  return (
    <fieldset className="share-choice">
      <legend>As text</legend>
      <Select
        name="Form"
        value={chosen.genre}
        options={genres.map((genre) => [genre, called[genre]])}
        onChange={(genre) => onChoose({ ...chosen, genre })}
      />
      <Select
        name="Columns"
        value={chosen.width}
        options={widths.map((width) => [width, String(width)])}
        onChange={(width) => onChoose({ ...chosen, width })}
      />
      <Select
        name="Of"
        value={chosen.part}
        options={Object.entries(parts) as [Chosen['part'], string][]}
        onChange={(part) => onChoose({ ...chosen, part })}
      />
      <Select
        name="Told by"
        value={chosen.level}
        options={Object.entries(levels) as [Level, string][]}
        onChange={(level) => onChoose({ ...chosen, level })}
      />
    </fieldset>
  )
}

interface SelectProps<T> {
  readonly name: string
  readonly value: T
  readonly options: readonly (readonly [value: T, says: string])[]
  readonly onChange: (value: T) => void
}

function Select<T extends string | number>({ name, value, options, onChange }: SelectProps<T>) {
  const id = useId()
  return (
    <span className="field">
      <label htmlFor={id}>{name}</label>{' '}
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const found = options.find(([one]) => String(one) === event.target.value)
          if (found) onChange(found[0])
        }}
      >
        {options.map(([one, says]) => (
          <option key={one} value={one}>
            {says}
          </option>
        ))}
      </select>
    </span>
  )
}

interface Preview {
  readonly text: string | null
  readonly failure: string | null
}

/** The text of a choice, of what is shown `at` this step; while the model is at work, that of the choice before. */
export function usePreview(chosen: Chosen, at: number, shown: TraceView | CompareView | null): Preview & { readonly busy: boolean } {
  const { text } = useActions()
  const asked = useMemo(() => ({ chosen, at, shown }), [chosen, at, shown])
  const [preview, setPreview] = useState<Preview & { readonly of: typeof asked | null }>({ of: null, text: null, failure: null })
  useEffect(() => {
    if (asked.shown === null) return
    let stale = false
    void text(wantedOf(asked.chosen, asked.at)).then((answer) => {
      if (!stale)
        setPreview({ of: asked, ...(answer.ok ? { text: answer.value, failure: null } : { text: null, failure: answer.failure.message }) })
    })
    return () => {
      stale = true
    }
  }, [asked, text])
  return { ...preview, busy: preview.of !== asked }
}

const wantedOf = ({ part, ...chosen }: Chosen, at: number): Wanted => ({
  ...chosen,
  from: part === 'here' ? Math.max(1, at) : null,
  to: part === 'all' ? null : at,
})
