import { StrictMode, useCallback, useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { historyOf } from '../../picture/history.ts'
import type { ExtentStrip } from '../../picture/picture.ts'
import { ExtentStripLens } from '../extent-strip-lens.tsx'
import { HistoryLens } from '../history-lens.tsx'
import { Legend } from '../legend.tsx'
import { PictureLens } from '../picture-lens.tsx'
import { PlaneLens } from '../plane-lens.tsx'
import { TimelineLens } from '../timeline-lens.tsx'
import { largePlane, race, smallPlane } from './planes.ts'
import { runs } from './runs.ts'
import { appendStrips, everyFill, fsyncStrips, gaugeAfter, gaugeBefore, locksAfter, pairs } from './samples.ts'
import './gallery.css'

/** Steps through strips, so that the motion can be seen. */
function Stepper({ says, strips }: { says: string; strips: readonly ExtentStrip[] }) {
  const [n, setN] = useState(strips.length - 1)
  const picture = strips[n]
  return (
    <section id={says.replace(/\W+/g, '-')}>
      <h2>
        {says}: state {n}
        <button onClick={() => setN(Math.max(0, n - 1))}>back</button>
        <button onClick={() => setN(Math.min(strips.length - 1, n + 1))}>next</button>
      </h2>
      {picture && <ExtentStripLens picture={picture} previous={strips[n - 1] ?? null} />}
    </section>
  )
}

function Run({ says, run, strips, lanes }: (typeof runs)[number]) {
  const [current, setCurrent] = useState(Math.floor(run.steps.length * 0.6))
  const told = useCallback((n: number) => sentence(run.steps[n - 1]), [run])
  const doom = useMemo(() => race(run.steps.length), [run])
  const history = useMemo(() => lanes.map((lane) => historyOf(strips, lane)), [strips, lanes])
  return (
    <section id={says.replace(/\W+/g, '-')}>
      <h2>timeline, {says}</h2>
      <TimelineLens run={run} current={current} says={told} onSeek={setCurrent} history={history} doom={doom} />
    </section>
  )
}

const sentence = (step: { readonly task: string; readonly label: string } | undefined): string =>
  step ? `${step.task}: ${step.label}` : 'before the first step'

function Gallery() {
  return (
    <main>
      <h1>Lenses</h1>
      <nav>
        {(['light', 'dark'] as const).map((theme) => (
          <button key={theme} onClick={() => (document.documentElement.dataset.theme = theme)}>
            {theme}
          </button>
        ))}
        {[1, 1.5, 2].map((scale) => (
          <button key={scale} onClick={() => document.documentElement.style.setProperty('--scale', String(scale))}>
            scale {scale}
          </button>
        ))}
      </nav>
      <Legend />
      {runs.map((entry) => (
        <Run key={entry.says} {...entry} />
      ))}
      {[smallPlane, largePlane].map((plane) => (
        <section key={plane.rows.length} id={`plane-${plane.rows.length}`}>
          <h2>plane</h2>
          <PlaneLens plane={plane} title="Linux 5.12" current={7} onPick={() => undefined} />
        </section>
      ))}
      <Stepper says="fsync overlap" strips={fsyncStrips} />
      <Stepper says="append hole" strips={appendStrips} />
      <Stepper says="every fill" strips={[everyFill]} />
      <section>
        <h2>history by itself</h2>
        <HistoryLens band={historyOf(fsyncStrips, 'log')} current={5} />
      </section>
      <div className="gallery-pairs">
        {pairs.map((pair) => (
          <section key={pair.says}>
            <h2>{pair.says}</h2>
            <PictureLens
              picture={pair.now}
              previous={pair.before}
              writer="A"
              waiters={pair.now === locksAfter ? [{ task: 'B', on: 'i_mmap_lock' }] : []}
              course={
                pair.now === gaugeAfter
                  ? { frames: [null, gaugeBefore, gaugeAfter, gaugeAfter, gaugeBefore, gaugeBefore, null], current: 2 }
                  : null
              }
            />
          </section>
        ))}
      </div>
    </main>
  )
}

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <Gallery />
    </StrictMode>,
  )
