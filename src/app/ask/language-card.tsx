import { commandForms, commandNames } from '../../scene/words.ts'
import { Typed } from '../terms/typed.tsx'
import { languageScene } from './language-scene.ts'
import './ask.css'

const lines: readonly (readonly [form: string, says: string])[] = [
  ['on FS RELEASE +COMMIT -COMMIT', 'where it runs; a patch is switched on or off by its commit or its name'],
  ['mkfs OPTION, mount OPTION', 'no-holes, nodatasum, nodatacow'],
  ['setup: COMMAND', 'what the file is before the tasks begin, made by the same model'],
  ['A: COMMAND', 'what task A does; every order of the tasks’ steps is tried'],
  ['may EVENT', 'power, writeback, reclaim, commit: at any step, or not at all; writeback [0,4k) of a range'],
  ['never FACT, always FACT', 'broken if there is an order in which it is not so: you get that order'],
  ['sometimes FACT', 'reachable, with an order that leads there, or unreachable'],
  ['outcomes, outcomes after power', 'every way it can end'],
  ['run A5 B2, run A until pin_pages', 'the order that the page opens at'],
  ['; comment', 'to the end of the line'],
]

const facts: readonly (readonly [form: string, says: string])[] = [
  ['hole, unwritten, zeros [0,64k)', 'never and sometimes: any part of the range; always: all of it; unwritten also behind the end'],
  ['data [0,4k) A', 'with what task A wrote; without a letter: data of anybody'],
  ['size 64k', 'i_size'],
  ['A returns 4k, A returns EIO', 'the last read or write of A, or its last call'],
  ['A reads stale, zeros, [0,4k) X', 'what its last read found; stale: what the file held at no moment of the call'],
  ['log overlap, abort, csum error, deadlock', 'the file system’s own troubles; they are watched in any case'],
  ['after power ...', 'of the file that the next mount finds'],
  ['... when A done', 'only where all calls of A have returned'],
]

const models: readonly (readonly [form: string, says: string])[] = [
  ['buf absent, buf first 4k', 'pages of the buffer that are not there when the call begins'],
  ['buf shared, buf mapped 0', 'memory that others store to; a mapping of the file itself'],
  ['via uring, via aio, nowait', 'how the call is made'],
  ['dsync, same fd as A', 'RWF_DSYNC; the open file of another task'],
]

const terminal: readonly (readonly [form: string, says: string])[] = [
  ['lockstep check FILE', 'the same answers; - reads a mail from the standard input'],
  ['lockstep scene MAIL', 'a scene out of what a mail has'],
  ['lockstep repro FILE', 'a C program that asks a real kernel'],
]

function Rows({ rows, more = '' }: { rows: readonly (readonly [string, string])[]; more?: string }) {
  return (
    <dl className={`how-rows ${more}`}>
      {rows.map(([form, says]) => (
        <div key={form}>
          <dt>
            <Typed text={form} />
          </dt>
          <dd>{says}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The language on one screen. */
export function LanguageCard() {
  return (
    <div className="how">
      <div>
        <pre className="how-scene" role="group" aria-label="A scene with most kinds of lines" tabIndex={0}>
          {languageScene}
        </pre>
        <p>
          A line with a colon does something; a line without one says something. Sizes are xfs_io’s, ranges half-open. A line that begins
          with no known word continues the one before it, and quote marks do no harm: mail can wrap and quote it.
        </p>
        <h3>Facts</h3>
        <Rows rows={facts} />
      </div>
      <div>
        <h3>Lines</h3>
        <Rows rows={lines} />
        <h3>Behind --</h3>
        <Rows rows={models} />
      </div>
      <div>
        <h3>Commands, as xfs_io has them</h3>
        <Rows rows={commandNames.map((name) => [name, commandForms[name].says] as const)} more="how-commands" />
        <h3>In a terminal</h3>
        <Rows rows={terminal} />
      </div>
    </div>
  )
}
