import { useState } from 'react'
import { pageOf } from '../address.ts'
import { useApp } from '../lockstep.tsx'
import sums from './litmus.json' with { type: 'json' }
import rows from './litmus-programs.json' with { type: 'json' }

interface Recording {
  readonly file: string
  readonly kernel: string
  readonly programs: number
  readonly seen: number
  readonly missing: number
  readonly possible: number
  readonly complete: number
}

interface Program {
  readonly id: string
  readonly kind: string
  readonly scene: string
  readonly complete: boolean
  readonly outcomes: readonly { readonly says: string; readonly seen: number; readonly sample: string | null }[]
}

/** Both are written, and held to the model, by `own/seen.test.ts`. */
const recordings: readonly Recording[] = sums
const programs: readonly { readonly file: string; readonly programs: readonly Program[] }[] = rows

/** Programs of two tasks, run hundreds of times on real kernels and searched in the model: what was seen, among what is possible. */
export default function Litmus() {
  const [at, setAt] = useState(0)
  const [chosen, setChosen] = useState('')
  const file = programs[at] ?? programs[0]
  const program = file?.programs.find(({ id }) => id === chosen) ?? file?.programs[0]
  const kinds = [...new Set(file?.programs.map(({ kind }) => kind) ?? [])]
  return (
    <>
      <h2>Two tasks at once</h2>
      <p>
        Programs of two tasks were run on real kernels, each some hundred times with other delays, and every different outcome was counted:
        what calls returned and read, the size, the content, the holes. The model searches every interleaving of the same program. An
        outcome that a kernel had and the model has not refutes the model; one that the model has and nobody saw proves nothing.
      </p>
      <div className="trust-scroll" role="group" aria-label="Recordings of two tasks" tabIndex={0}>
        <table className="trust">
          <thead>
            <tr>
              <th scope="col">recording</th>
              <th scope="col">programs</th>
              <th scope="col">outcomes seen</th>
              <th scope="col">of these the model has</th>
              <th scope="col">outcomes of the model</th>
              <th scope="col">searched whole</th>
            </tr>
          </thead>
          <tbody>
            {recordings.map((one) => (
              <tr key={one.file}>
                <th scope="row">
                  {one.file} <span className="quiet">Linux {one.kernel}</span>
                </th>
                <td>{one.programs}</td>
                <td>{one.seen}</td>
                <td>{one.seen - one.missing}</td>
                <td>{one.possible}</td>
                <td>{one.complete}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="trust-choice">
        <label className="field">
          <span>recording</span>
          <select
            value={at}
            onChange={(event) => {
              setAt(Number(event.target.value))
              setChosen('')
            }}
          >
            {programs.map((one, i) => (
              <option key={one.file} value={i}>
                {one.file}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>program</span>
          <select value={program?.id ?? ''} onChange={(event) => setChosen(event.target.value)}>
            {kinds.map((kind) => (
              <optgroup key={kind} label={kind}>
                {file?.programs
                  .filter((one) => one.kind === kind)
                  .map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.id}: {one.outcomes.filter(({ seen }) => seen > 0).length} seen of {one.outcomes.length}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </label>
      </p>
      {program && <Outcomes program={program} />}
    </>
  )
}

/** Every outcome of one program, those that were seen marked; each opens in the model where it comes about. */
function Outcomes({ program: { id, scene, outcomes, complete } }: { program: Program }) {
  const { where } = useApp()
  return (
    <div className="trust-scroll">
      <table className="trust trust-outcomes">
        <caption>
          <a href={pageOf(where, scene)}>{id} as a scene</a>
          {!complete && ', searched up to a bound: there may be more'}
        </caption>
        <thead>
          <tr>
            <th scope="col">seen</th>
            <th scope="col">what calls returned and read; the file</th>
            <th scope="col">in the model</th>
          </tr>
        </thead>
        <tbody>
          {outcomes.map(({ says, seen, sample }) => (
            <tr key={says}>
              <td>{seen === 0 ? 'never' : `${seen} times`}</td>
              <th scope="row">{says}</th>
              <td>{sample === null ? 'not in the model' : <a href={pageOf(where, `${scene}/s${sample}`)}>a way there</a>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
