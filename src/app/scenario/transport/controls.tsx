import { memo } from 'react'
import type { Level } from '../../../store/place/moves.ts'
import { speeds } from '../../../store/state.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { useAtEnd, useAtStart, useLast } from '../moment.ts'

/** The buttons that walk: ends, back, play, forward, and how. */
export const Controls = memo(function Controls() {
  const actions = useActions()
  const atStart = useAtStart()
  const atEnd = useAtEnd()
  const empty = useLast() === 0
  const playing = useLockstep((state) => state.playing)
  const level = useLockstep((state) => state.level)
  const speed = useLockstep((state) => state.speed)
  const loop = useLockstep((state) => state.loop)
  return (
    <div className="controls">
      <div className="controls-walk" role="group" aria-label="Walk through the run">
        <Icon name="First state" path="M4 3 V13 M12.5 3 L7 8 L12.5 13" disabled={atStart} onClick={actions.first} />
        <Icon name="Back" path="M10.5 3 L5 8 L10.5 13" disabled={atStart} onClick={() => actions.previous()} />
        <Icon
          name={playing ? 'Pause' : 'Play'}
          filled
          path={playing ? 'M4 3 H7 V13 H4 Z M9 3 H12 V13 H9 Z' : 'M5 3 L13 8 L5 13 Z'}
          disabled={empty}
          onClick={actions.play}
        />
        <Icon name="Next" path="M5.5 3 L11 8 L5.5 13" disabled={atEnd} onClick={() => actions.next()} main />
        <Icon name="Last state" path="M12 3 V13 M3.5 3 L9 8 L3.5 13" disabled={atEnd} onClick={actions.last} />
      </div>
      <label className="field">
        <span>Stop at</span>
        <select value={level} onChange={(event) => actions.setLevel(event.target.value === 'all' ? 'all' : ('beats' satisfies Level))}>
          <option value="beats">moments</option>
          <option value="all">all steps</option>
        </select>
      </label>
      <label className="field controls-extra">
        <span>Speed</span>
        <select value={speed} onChange={(event) => actions.setSpeed(Number(event.target.value))}>
          {speeds.map((one) => (
            <option key={one} value={one}>
              {one} / s
            </option>
          ))}
        </select>
      </label>
      <label className="field controls-extra">
        <input type="checkbox" checked={loop} onChange={(event) => actions.setLoop(event.target.checked)} />
        <span>loop</span>
      </label>
    </div>
  )
})

interface IconProps {
  readonly name: string
  readonly path: string
  readonly disabled: boolean
  readonly onClick: () => void
  readonly main?: boolean
  readonly filled?: boolean
}

function Icon({ name, path, disabled, onClick, main = false, filled = false }: IconProps) {
  return (
    <button
      type="button"
      className={main ? 'button-icon button-main' : 'button-icon'}
      aria-label={name}
      title={name}
      disabled={disabled}
      onClick={onClick}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} className={filled ? 'is-filled' : undefined} />
      </svg>
    </button>
  )
}
