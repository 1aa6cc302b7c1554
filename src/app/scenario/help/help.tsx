import { useEffect, useRef } from 'react'
import '../../frames.css'
import './help.css'

const keys: readonly (readonly [keys: string, does: string])[] = [
  ['Right, Space', 'next moment of the story, or next step at "all steps"'],
  ['Left, Shift+Space', 'back'],
  ['PageDown, PageUp', 'one moment of the story'],
  ['Home, End', 'first state, last state'],
  ['p', 'play, pause'],
  ['x', 'switch the fix on or off'],
  ['c', 'compare with the fix, side by side'],
  ['v', 'in a comparison: draw all of its pictures whole, and scroll; once more: what has room'],
  ['m', 'the map of every interleaving of two tasks; in it: arrows, PageDown for the next red cell, Enter for a schedule through it'],
  ['a', 'mark this step; at another step: ask all schedules which of the two can come first'],
  ['w', 'why it goes wrong, in the side panel'],
  ['s', 'side panel: story, rules, code, the other records and the console, patches and settings, sources'],
  ['e', 'every interleaving: in how many ways it ends, and exact counts'],
  ['1 to 9', 'let another task run here'],
  ['l', 'back to the run that was left last'],
  ['d', 'compare with the run that was left last'],
  ['u', 'pull the plug: what a power failure here and at every step leaves; once more: put it back'],
  ['k', 'what the patterns of this run mean, below its pictures; once more: without'],
  ['y', 'share: the link as mails have it, and the run as text'],
  ['. or b', 'blank screen'],
  ['F5', 'talk view: large type (does not reload)'],
  ['+, -', 'larger, smaller type in the talk view; kept in this browser'],
  ['t', 'your talk: add this view, start, save, load'],
  ['n', 'the second window of a talk: clock, next moment, notes'],
  ['q', 'the address of this moment, large, and as a code'],
  ['i', 'this view as a picture: SVG, PNG, moving pictures'],
  ['f', 'full screen'],
  ['?', 'these keys'],
  ['Esc', 'close, leave the talk view, stop'],
]

/** The page's own words, beside the kernel's. */
const words: readonly (readonly [word: string, means: string])[] = [
  ['task', 'a thread of execution: a system call, a worker, the disk, the power; its letter stands in a box'],
  ['step', 'what a task does at once: others can run before and after it, never in the middle'],
  ['moment', 'a step that the story tells, with a sentence of its own'],
  ['rule', 'what every right kernel keeps; “violated” is said of the rule that a run breaks'],
  ['watched', 'a rule that need not hold: it is shown, and counts for nothing'],
  ['schedule', 'one order of steps; every interleaving means all orders there are'],
  ['race window', 'where another task has to get in for the bug to happen'],
  ['letters in pictures', 'what data are: what task A writes is A; other content has a letter of its own'],
  ['a run that you left', 'letting another task run starts a new run; the old one can be gone back to'],
  ['dotted words', 'can be clicked: they say what they mean'],
]

/** The keys and the words, in a dialog of the browser's own. */
export default function Help({ onClose }: { onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    ref.current?.showModal()
    // The browser goes to the button that closes it, which is the last thing there is.
    if (ref.current) ref.current.scrollTop = 0
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
      <h2>Words</h2>
      <dl className="help-words">
        {words.map(([word, means]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}
