/** Parts that every picture is made of. */
import { size } from '../../base/range.ts'
import type { Letter } from '../../engine/view.ts'
import type { Field, Span } from '../../picture/picture.ts'

/** A field of a struct. */
export const field = (name: string, value: string | number | boolean): Field => ({ name, value: String(value) })

/** A field that is an offset or a number of bytes. */
export const bytes = (name: string, value: number): Field => field(name, size(value))

export const span = (
  id: string,
  part: { readonly from: number; readonly to: number },
  fill: Span['fill'],
  label: string | null,
  task: Letter | null,
  note: string | null = null,
): Span => ({ id, from: part.from, to: part.to, fill, label, task, note })
