import { memo, type FunctionComponent } from 'react'
import { same } from '../base/plain.ts'

/**
 * A component that is not drawn again for props of equal content. Pictures cross a boundary on their way here, so that
 * what did not change is equal but seldom the same object; comparing a few numbers is cheaper than drawing them.
 */
export const drawnOnce = <P extends object>(component: FunctionComponent<P>) => memo(component, (before, after) => alike(before, after))

/** Equality by content of flat objects; `same` where they nest. */
function alike(a: object, b: object): boolean {
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>]
  const keys = Object.keys(x)
  return keys.length === Object.keys(y).length && keys.every((key) => equal(x[key], y[key]))
}

function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  return Array.isArray(a) || Array.isArray(b) ? same(a, b) : alike(a, b)
}
