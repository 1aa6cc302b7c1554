/** Scenarios by id, loaded when asked for: each is a chunk of its own. One line a scenario. */
import { InputError } from '../base/assert.ts'
import type { Scenario } from './scenario.ts'

const loaders: Readonly<Record<string, () => Promise<{ readonly scenario: Scenario }>>> = {
  'append-hole': () => import('./append-hole/index.ts'),
  'append-unlock': () => import('./append-unlock/index.ts'),
  'append-same-fd': () => import('./append-same-fd/index.ts'),
  'append-relapse': () => import('./append-relapse/index.ts'),
  'lost-prefix': () => import('./lost-prefix/index.ts'),
  'lost-fsync': () => import('./lost-fsync/index.ts'),
  'dio-csum': () => import('./dio-csum/index.ts'),
  'fsync-overlap': () => import('./fsync-overlap/index.ts'),
  'fsync-torn': () => import('./fsync-torn/index.ts'),
  'bcachefs-lockless': () => import('./bcachefs-lockless/index.ts'),
  'bcachefs-restart': () => import('./bcachefs-restart/index.ts'),
  'bcachefs-offset': () => import('./bcachefs-offset/index.ts'),
  'dio-short-read': () => import('./dio-short-read/index.ts'),
  'nowait-relapse': () => import('./nowait-relapse/index.ts'),
  'dio-mmap-deadlock': () => import('./dio-mmap-deadlock/index.ts'),
}

/** The ids of all scenarios. */
export const scenarioIds: readonly string[] = Object.keys(loaders)

/** @throws InputError if there is no scenario of this id. */
export async function loadScenario(id: string): Promise<Scenario> {
  const load = Object.hasOwn(loaders, id) ? loaders[id] : undefined
  if (!load) throw new InputError(`there is no scenario "${id}"; choose one of ${scenarioIds.join(', ')}`)
  return (await load()).scenario
}
