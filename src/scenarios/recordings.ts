/** A recording of a real kernel beside the model's outcome of the same situation, field by field. */
import { canonical, type Plain } from '../base/plain.ts'
import type { Outcome } from '../engine/view.ts'
import type { Recording, Saw } from './notes.ts'

export type Field = Exclude<keyof Saw, 'text'>

export interface Compared {
  readonly field: Field
  readonly recorded: Plain
  readonly model: Plain
  readonly same: boolean
  /** Whether the model shows the same thing, be it of another size: a hole and then data, an error, other bytes. */
  readonly alike: boolean
  /** Why the two differ; null if they do not. */
  readonly why: string | null
}

const fields: readonly Field[] = ['returns', 'size', 'map', 'content', 'log', 'console', 'after']

/** Layout as SEEK_DATA and SEEK_HOLE tell it: preallocated space is a hole. */
function mapOf(layout: Plain): Plain {
  const out: ['D' | 'H', number, number][] = []
  for (const { from, to, kind } of (layout ?? []) as unknown as { from: number; to: number; kind: string }[]) {
    const letter = kind === 'data' ? 'D' : 'H'
    const last = out.at(-1)
    if (last?.[0] === letter) last[2] = to
    else out.push([letter, from, to])
  }
  return out
}

/** The model's value under the name of a recorded field. */
function modelled(outcome: Outcome, field: Field): Plain {
  switch (field) {
    case 'map':
      return mapOf(outcome.layout as unknown as Plain)
    case 'after':
      return mapOf((outcome.after as { layout?: Plain } | null)?.layout ?? [])
    default:
      return (outcome[field] ?? null) as Plain
  }
}

/** Every field that was recorded. Of returns only the calls that the recording has are compared. */
export function compareRecording({ saw, why }: Recording, outcome: Outcome): Compared[] {
  return fields.flatMap((field): Compared[] => {
    if (saw[field] === undefined) return []
    const recorded = saw[field] as Plain
    const all = modelled(outcome, field)
    const model =
      field === 'returns' && all !== null
        ? Object.fromEntries(Object.keys(recorded as object).map((call) => [call, (all as Record<string, Plain>)[call] ?? null]))
        : all
    const same = canonical(recorded) === canonical(model)
    const alike = same || canonical(finding(field, recorded)) === canonical(finding(field, model))
    return [{ field, recorded, model, same, alike, why: same ? null : (why[field] ?? null) }]
  })
}

/** What a value says without its sizes and places. */
function finding(field: Field, value: Plain): Plain {
  if (value === null) return null
  switch (field) {
    case 'size':
      return Number(value) > 0
    case 'returns':
      return Object.fromEntries(Object.entries(value as Record<string, number | null>).map(([call, returned]) => [call, kindOf(returned)]))
    case 'console':
      return (value as readonly string[]).length > 0
    case 'content':
      return (value as readonly (readonly [number, number, string])[]).map(([, , stamp]) => stamp)
    case 'log':
      return (value as readonly (readonly [number, string])[]).map(([, kind]) => kind)
    default:
      return (value as readonly (readonly [string])[]).map(([kind]) => kind)
  }
}

/** An error is itself; of bytes only that there were some. */
const kindOf = (returned: number | null): number | string | null => (returned !== null && returned > 0 ? 'bytes' : returned)
