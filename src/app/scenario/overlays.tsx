import { useEffect, useRef } from 'react'
import { keys } from '../keyboard.ts'

/** The keys, in a dialog of the browser's own. */
export function Help({ onClose }: { onClose: () => void }) {
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

/** An empty screen, so that a room looks at the speaker. Any click or key brings the page back. */
export function Blank({ onClose }: { onClose: () => void }) {
  return <button type="button" className="blank" aria-label="Show the page again" onClick={onClose} autoFocus />
}
