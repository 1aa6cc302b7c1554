/** Layouts in one line, for expectations that a reader can check against a table. */
import { K } from '../base/range.ts'
import type { Outcome, Verdict } from '../engine/view.ts'

/** `0K .... 64K A 128K`: where each piece begins and what it is, holes as dots, data as the writer's stamp; last the size. */
export const layout = ({ layout: extents, size }: Outcome): string =>
  [
    ...(extents ?? []).map(({ from, kind, source }) => `${from / K}K ${kind === 'hole' ? '....' : (source ?? '')}`),
    `${(size ?? 0) / K}K`,
  ].join(' ')

/** Of every outcome of a search, sorted. */
export const layouts = (verdict: Verdict): string[] => verdict.outcomes.map(layout).sort()
