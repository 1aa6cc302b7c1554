import type { Console, ConsoleLine } from '../picture/picture.ts'
import { changesBetween } from './changes.ts'
import { Figure } from './figure.tsx'
import { ChangeIcon, DamageIcon } from './marks.tsx'
import './tables.css'
import './aside.css'

/** What a user sees: kernel log lines, and a shell. Lines that came at this step are marked. */
export function ConsoleLens({ picture, previous = null }: { picture: Console; previous?: Console | null }) {
  const changes = changesBetween(previous?.lines ?? null, picture.lines)
  return (
    <Figure title={picture.title} kind="console">
      {picture.lines.length === 0 ? (
        <p className="lens-quiet console-none">nothing yet</p>
      ) : (
        <ol className="console">
          {picture.lines.map((line) => (
            <Line key={line.id} line={line} fresh={changes.of(line.id) !== 'same'} />
          ))}
        </ol>
      )}
    </Figure>
  )
}

function Line({ line, fresh }: { line: ConsoleLine; fresh: boolean }) {
  return (
    <li className={line.damaged ? `is-${line.level} is-damaged` : `is-${line.level}`}>
      <ChangeIcon shown={fresh} />
      <span className="console-stream">{line.stream}</span>
      <span className="console-text">{line.text}</span>
      {line.damaged && <DamageIcon />}
    </li>
  )
}
