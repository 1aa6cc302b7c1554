import type { Problem } from '../../../scene/lines.ts'
import { Inline } from './inline.tsx'

interface ProblemsProps {
  readonly problems: readonly Problem[]
  /** A line that is being typed and has a problem that is not told; null = none. */
  readonly waits: number | null
  readonly onGo: (line: number) => void
}

/** Everything that is wrong, by line, with what would mend it. */
export function Problems({ problems, waits, onGo }: ProblemsProps) {
  return (
    <ul className="editor-problems" aria-label="Problems" aria-live="polite">
      {problems.map(({ line, message }) => (
        <li key={`${line} ${message}`}>
          <button type="button" onClick={() => onGo(line)}>
            line {line}
          </button>{' '}
          <Inline text={message} />.
        </li>
      ))}
      {waits !== null && problems.length === 0 && <li className="quiet">Line {waits} is being typed: it is read when you leave it.</li>}
    </ul>
  )
}
