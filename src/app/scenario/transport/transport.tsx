import { memo } from 'react'
import { useLockstep } from '../../lockstep.tsx'
import { useLast, useRow } from '../moment.ts'
import { Branches } from './branches.tsx'
import { Controls } from './controls.tsx'
import { Marked } from './marked.tsx'
import './transport.css'

/** What one walks with, and who could run here instead. It keeps its place and its size, so that a pointer can rest on it. */
export const Transport = memo(function Transport() {
  const trace = useLockstep((state) => state.trace)
  const comparing = useLockstep((state) => state.place?.view === 'compare')
  return (
    <div className="transport">
      <Controls />
      <div className="transport-here">
        <div className="transport-now">
          {comparing ? (
            <Row />
          ) : (
            trace && (
              <>
                <Marked trace={trace} />
                <Branches trace={trace} />
              </>
            )
          )}
        </div>
      </div>
    </div>
  )
})

function Row() {
  const [row, last] = [useRow(), useLast()]
  // Before the comparison has come it has no rows.
  if (!useLockstep((state) => state.compare)) return null
  return (
    <p className="caption-where">
      row {row} of {last}
    </p>
  )
}
