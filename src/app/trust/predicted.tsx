import { pageOf } from '../address.ts'
import { useApp } from '../lockstep.tsx'
import rows from './predicted.json' with { type: 'json' }

interface Row {
  readonly name: string
  readonly scene: string
  readonly says: string
  readonly commands: readonly string[]
  readonly before: string
  readonly after: string
  readonly kernels: readonly string[]
}

/** Written, and held to the recordings, by `own/seen.test.ts`. */
const predicted: readonly Row[] = rows

/** Flaws that the model had before anybody had looked for them, and that real kernels then showed. */
export function Predicted() {
  const { where } = useApp()
  return (
    <>
      <h2>Predicted, then seen</h2>
      <p>
        Where the model and what one would expect differed, the same commands were given to real kernels. These two had been in no recording
        before; no data change, only blocks that are reserved.
      </p>
      <ul>
        {predicted.map(({ name, scene, says, commands, before, after, kernels }) => (
          <li key={name}>
            <a href={pageOf(where, scene)}>{name}</a>: {says} <code>{commands.join('; ')}</code>, then a power failure: FIEMAP has {before}{' '}
            before it and {after} after the next mount, on Linux {kernels.join(' and ')}.
          </li>
        ))}
      </ul>
    </>
  )
}
