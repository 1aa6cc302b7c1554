import { useEffect, useRef } from 'react'
import './help.css'

const keys: readonly (readonly [keys: string, does: string])[] = [
  ['Right, Space', 'next beat, or next step at level "all steps"'],
  ['Left, Shift+Space', 'back'],
  ['PageDown, PageUp', 'one beat, at either level'],
  ['Home, End', 'first state, last state'],
  ['p', 'play, pause'],
  ['x', 'switch the fix on or off'],
  ['c', 'compare with the fix, side by side'],
  ['m', 'the map of every interleaving of two tasks; in it: arrows, PageDown for the next red cell, Enter for a schedule through it'],
  ['a', 'mark this step; at another step: ask all schedules which of the two can come first'],
  ['e', 'every interleaving: in how many ways it ends, and exact counts'],
  ['1 to 9', 'let another task run here'],
  ['l', 'back to the line that was left last'],
  ['d', 'compare with the line that was left last'],
  ['u', 'pull the plug here and at every step, or put it back'],
  ['. or b', 'blank screen'],
  ['F5', 'talk view: large type (does not reload)'],
  ['f', 'full screen'],
  ['?', 'these keys'],
  ['Esc', 'close, leave the talk view, stop'],
]

/** The keys, in a dialog of the browser's own. */
export default function Help({ onClose }: { onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    ref.current?.showModal()
  }, [])
  return (
    <dialog ref={ref} className="help" aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">Keys</h2>
      <table>
        <tbody>
          {keys.map(([names, does]) => (
            <tr key={names}>
              <th scope="row">
                <kbd>{names}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}
