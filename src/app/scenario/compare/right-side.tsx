import type { Card } from '../../../scenarios/card.ts'
import type { Side } from '../../../store/place/place.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'

interface Option {
  readonly name: string
  readonly side: Side | null
}

/** What stands beside a run where nobody has chosen: of a scene that no patch is known for, the same. */
const called = ({ own, fix }: Card): string => (own ? (fix === '' ? 'the same' : `${fix} flipped`) : 'the fix flipped')

/** Which kernel is on the right: the fix, another patch (two fixes can be compared with each other), or another release. */
export function RightSide({ card, left }: { card: Card; left: TraceView }) {
  const { compareWith } = useActions()
  const right = useLockstep((state) => state.place?.right ?? null)
  const kernel = left.kernel.asked
  const patches = left.patches.flatMap(({ id, shipped, name }): Option[] => {
    // A patch that another one of this release needs cannot be taken out alone.
    if (shipped && card.patches.some((patch) => patch.needs.includes(id) && left.patches.find((one) => one.id === patch.id)?.shipped))
      return []
    return [
      { name: `Linux ${kernel} ${shipped ? 'without' : 'with'} ${id === name ? id : `${id} (${name})`}`, side: { kernel, toggles: [id] } },
    ]
  })
  const groups: readonly (readonly [string, readonly Option[]])[] = [
    [
      'this kernel',
      [
        { name: called(card), side: null },
        { name: `Linux ${kernel} as released`, side: { kernel, toggles: [] } },
      ],
    ],
    ['one patch', patches],
    [
      'another release',
      card.kernels.filter((one) => one !== kernel).map((one) => ({ name: `Linux ${one}`, side: { kernel: one, toggles: [] } })),
    ],
  ]
  const all = groups.flatMap(([, options]) => options)
  const same = (side: Side | null): boolean => side?.kernel === right?.kernel && side?.toggles.join() === right?.toggles.join()
  const chosen = all.findIndex((option) => same(option.side))
  return (
    <label className="field">
      <span>Right side</span>
      <select value={chosen} onChange={(event) => compareWith(all[Number(event.target.value)]?.side ?? null)}>
        {chosen < 0 && right && <option value={-1}>{`Linux ${right.kernel}, ${right.toggles.join(', ')} flipped`}</option>}
        {groups.map(([label, options]) => (
          <optgroup key={label} label={label}>
            {options.map((option) => (
              <option key={option.name} value={all.indexOf(option)}>
                {option.name}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  )
}
