/** The language on one screen: a scene that says most of it, then every word with what it means. */
import { commandForms, commandNames } from '../../scene/words.ts'
import './ask.css'

const scene = `lockstep 1 two-fsyncs     ; a name, if you like
on btrfs 6.1 +939b656bc8ab ; file system, release, patches
setup: falloc 0 8k         ; alone, in order, before the tasks
setup: sync
A: open -d foo             ; tasks A to Z run at once,
A: pwrite 0 4k             ; each its lines in order
B: pread 0 8k -- via uring ; behind -- what xfs_io has no word for
may power                  ; need not happen, can at any step
never A reads stale
always after power data [0,4k) A when A done
sometimes size 8k          ; is it possible?
outcomes                   ; list every end
end`

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
  ['hole, unwritten, zeros [0,64k)', 'never and sometimes: any part of the range; always: all of it'],
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

function Rows({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className="ask-rows">
      {rows.map(([form, says]) => (
        <div key={form}>
          <dt>
            <code>{form}</code>
          </dt>
          <dd>{says}</dd>
        </div>
      ))}
    </dl>
  )
}

export function LanguageCard() {
  return (
    <div className="ask">
      <div>
        <pre className="ask-scene" aria-label="A scene with every kind of line" tabIndex={0}>
          {scene}
        </pre>
        <p>
          A line with a colon does something; a line without one says something. Sizes as xfs_io takes them; ranges half-open. A line that
          begins with no known word continues the one before it, so that a mail may wrap it; quote marks do no harm.
        </p>
        <h3>Lines</h3>
        <Rows rows={lines} />
      </div>
      <div>
        <h3>Commands, as xfs_io has them</h3>
        <Rows rows={commandNames.map((name) => [name, commandForms[name].says] as const)} />
      </div>
      <div>
        <h3>Facts</h3>
        <Rows rows={facts} />
        <h3>Behind --</h3>
        <Rows rows={models} />
        <h3>In a terminal</h3>
        <Rows
          rows={[
            ['lockstep check FILE', 'the same answers; - reads a mail from the standard input'],
            ['lockstep scene MAIL', 'a scene out of what a mail has'],
            ['lockstep repro FILE', 'a C program that asks a real kernel'],
          ]}
        />
      </div>
    </div>
  )
}
