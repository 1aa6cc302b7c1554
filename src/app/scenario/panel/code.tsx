import { useEffect } from 'react'
import { TaskBadge } from '../../../lenses/marks.tsx'
import type { Source } from '../../../engine/view.ts'
import { stepRef } from '../../../store/search/asked.ts'
import type { CodeView, StepRef, TraceView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'

/** The procedures in which a task stands, each with the rows of its steps; rows of a patch are shown as a diff. */
export function Code({ trace, step }: { trace: TraceView; step: number }) {
  const { readCode } = useActions()
  const read = useLockstep(({ code }) => (code?.of === trace ? code.views : null))
  const code = trace.code ?? read
  useEffect(() => {
    if (code === null) void readCode()
  }, [code, readCode])
  const acting = trace.steps[step - 1]
  if (!acting) return <p className="quiet">Nothing has run yet.</p>
  if (code === null) return <p className="quiet">Loading.</p>
  const standing = lastSteps(trace, step)
  const views = code.filter((view) => standing.some((one) => one.procedure === view.procedure))
  return (
    <div className="code-views">
      {views.map((view) => (
        <Procedure
          key={view.procedure}
          view={view}
          picks={picksOf(trace, step, view.procedure)}
          standing={standing.filter((one) => one.procedure === view.procedure)}
          acting={acting.procedure === view.procedure ? acting.label : null}
        />
      ))}
    </div>
  )
}

interface Standing {
  readonly task: string
  readonly procedure: string
  readonly label: string
}

/** The last step that each task has taken. */
function lastSteps(trace: TraceView, step: number): Standing[] {
  const last = new Map<string, Standing>()
  for (const one of trace.steps.slice(0, step)) last.set(one.task, one)
  return [...last.values()]
}

/** The steps of a procedure that this run takes, for each task the one nearest to the state shown. */
function picksOf(trace: TraceView, step: number, procedure: string): readonly StepRef[] {
  const near = new Map<string, number>()
  for (const { n, task, procedure: of, label } of trace.steps) {
    const key = `${task} ${label}`
    const old = near.get(key)
    if (of === procedure && (old === undefined || Math.abs(n - step) < Math.abs(old - step))) near.set(key, n)
  }
  return [...near.values()].flatMap((n) => stepRef(trace, n) ?? [])
}

interface ProcedureProps {
  readonly view: CodeView
  readonly standing: readonly Standing[]
  readonly picks: readonly StepRef[]
  readonly acting: string | null
}

function Procedure({ view, standing, picks, acting }: ProcedureProps) {
  return (
    <section className="code">
      <h2>
        model of <code>{view.source.function}()</code>
      </h2>
      <p className="quiet">
        <ReadIn source={view.source} />
      </p>
      <ol>
        {view.rows.map((row, i) => {
          const here = standing.filter((one) => one.label === row.label)
          const now = acting === row.label
          return (
            <li key={`${row.label} ${row.sign} ${i}`} className={classOf(row.sign, now)} aria-current={now ? 'step' : undefined}>
              <span className="code-sign">{row.sign === ' ' ? '' : row.sign}</span>
              <span className="code-label">{row.label}</span>
              <code>{row.code}</code>
              <span className="code-tasks">
                {here.map((one) => (
                  <TaskBadge key={one.task} task={one.task} />
                ))}
              </span>
              <Picks steps={picks.filter(({ label }) => label === row.label)} />
              {row.patch && <span className="quiet">{row.patch}</span>}
            </li>
          )
        })}
      </ol>
    </section>
  )
}

/** Picks a step for a question about all schedules. */
function Picks({ steps }: { steps: readonly StepRef[] }) {
  const { mark } = useActions()
  return (
    <span className="code-picks">
      {steps.map((step) => (
        <button
          key={step.task}
          type="button"
          title={`Ask about ${step.label} of ${step.task}`}
          aria-label={`Ask about ${step.label} of ${step.task}`}
          onClick={() => void mark(step)}
        >
          {step.task}?
        </button>
      ))}
    </span>
  )
}

function ReadIn({ source }: { source: Source }) {
  const url = sourceUrl(source)
  const place = `${source.file}, ${source.at}`
  if (url === null) return place
  return (
    <>
      read in{' '}
      <a href={url} rel="noreferrer">
        {place}
      </a>
    </>
  )
}

function classOf(sign: ' ' | '+' | '-', now: boolean): string {
  return [sign === '+' ? 'is-added' : sign === '-' ? 'is-removed' : '', now ? 'is-now' : ''].filter(Boolean).join(' ')
}

/** Where a reader can see the kernel's own text; null for what is not kernel code. */
function sourceUrl({ file, at }: Source): string | null {
  if (/^v\d/.test(at)) return `https://elixir.bootlin.com/linux/${at}/source/${file}`
  if (!/^[0-9a-f]{12}$/.test(at)) return null
  return `https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/${file}?id=${at}`
}
