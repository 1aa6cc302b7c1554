/** The map of all schedules in the shape that its lens declares. */
import type { Plane, PlaneCell, PlaneTask } from '../../../lenses/plane.ts'
import type { MapAxis, MapCell, MapView } from '../../../worker/protocol.ts'

const kinds: Readonly<Record<MapCell['kind'], PlaneCell['kind']>> = {
  none: 'safe',
  possible: 'some',
  doomed: 'doomed',
  impossible: 'never',
  unknown: 'unknown',
}

/** A map as the lens draws it. */
export function planeOf(map: MapView): Plane {
  return {
    across: planeTask(map.across),
    down: planeTask(map.down),
    rows: map.rows.map((row) =>
      row.map(({ kind, share, lock }): PlaneCell => ({
        kind: kinds[kind],
        share,
        behind: lock === null ? null : (map.locks[lock]?.on ?? null),
      })),
    ),
    path: map.path.map(([across, down]) => ({ across, down })),
  }
}

/** Where schedules differ in what comes next, all of it is named. */
const planeTask = ({ task, name, next }: MapAxis): PlaneTask => ({
  letter: task,
  name,
  labels: next.map((steps) => [...new Set(steps.map(({ label }) => label))].join(' or ')),
})
