/** Which pictures tell two runs from each other. */
import { picturesAt } from '../../../store/run/frames.ts'
import type { CompareView } from '../../../worker/protocol.ts'

/** Of these pictures those that are not the same on both sides in every row; all of them where none differs. */
export function leadsThatDiffer({ rows, left, right }: CompareView, leads: readonly string[]): readonly string[] {
  const differs = (id: string): boolean =>
    rows.some((row) => {
      const [mine, other] = [picturesAt(left, row.left), picturesAt(right, row.right)].map((all) => all.find((one) => one.id === id))
      return JSON.stringify(mine) !== JSON.stringify(other)
    })
  const differing = leads.filter(differs)
  return differing.length > 0 ? differing : leads
}
