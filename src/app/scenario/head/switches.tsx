import { memo, useState } from 'react'
import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'

/**
 * Kernel, ready schedules, patches and settings. Where they have no room, all but those that tell the story fold behind
 * a button, which says how many of them the reader has changed.
 */
export const Switches = memo(function Switches({ card, trace }: { card: Card; trace: TraceView | null }) {
  const [open, setOpen] = useState(false)
  const folded = card.patches.filter((patch) => patch.id !== card.fix)
  return (
    <section className={open ? 'switches is-open' : 'switches'} aria-label="Kernel, patches and settings">
      <KernelChoice card={card} />
      {card.schedules.length > 0 && <ScheduleChoice card={card} />}
      {card.patches
        .filter((patch) => patch.id === card.fix)
        .map((patch) => (
          <PatchSwitch key={patch.id} patch={patch} isFix trace={trace} />
        ))}
      <More card={card} folded={folded.length + card.settings.length} open={open} onToggle={() => setOpen(!open)} />
      {folded.map((patch) => (
        <PatchSwitch key={patch.id} patch={patch} trace={trace} />
      ))}
      {card.settings.map((setting) => (
        <SettingChoice key={setting.name} setting={setting} />
      ))}
    </section>
  )
})

/** The button that unfolds the others. */
function More({ card, folded, open, onToggle }: { card: Card; folded: number; open: boolean; onToggle: () => void }) {
  const changed = useLockstep(
    ({ place }) => (place?.toggles.filter((id) => id !== card.fix).length ?? 0) + Object.keys(place?.settings ?? {}).length,
  )
  if (folded === 0) return null
  return (
    <button type="button" className="switches-more" aria-expanded={open} onClick={onToggle}>
      {open ? 'fewer switches' : `${folded} more switches${changed > 0 ? `, ${changed} changed` : ''}`}
    </button>
  )
}

function KernelChoice({ card }: { card: Card }) {
  const kernel = useLockstep((state) => state.place?.kernel ?? card.defaultKernel)
  const { setKernel } = useActions()
  return (
    <label className="field">
      <span>Kernel</span>
      <select value={kernel} onChange={(event) => setKernel(event.target.value)}>
        {card.kernels.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  )
}

function ScheduleChoice({ card }: { card: Card }) {
  const schedule = useLockstep((state) => state.place?.schedule)
  const { setSchedule } = useActions()
  const named = schedule && 'named' in schedule ? schedule.named : ''
  return (
    <label className="field" title={card.schedules.find(({ name }) => name === named)?.says}>
      <span>Schedule</span>
      <select value={named} onChange={(event) => setSchedule({ named: event.target.value })}>
        {named === '' && <option value="">your own</option>}
        {card.schedules.map(({ name, says }) => (
          <option key={name} value={name} title={says}>
            {name}: {says}
          </option>
        ))}
      </select>
    </label>
  )
}

function SettingChoice({ setting }: { setting: Card['settings'][number] }) {
  const value = useLockstep((state) => state.place?.settings[setting.name] ?? setting.default)
  const { setSetting } = useActions()
  return (
    <label className="field is-folding" title={setting.says}>
      <span>
        {setting.label} <small>{setting.name}</small>
      </span>
      <select value={value} onChange={(event) => setSetting(setting.name, event.target.value)}>
        {setting.values.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  )
}

interface PatchProps {
  readonly patch: Card['patches'][number]
  readonly isFix?: boolean
  readonly trace: TraceView | null
}

function PatchSwitch({ patch, isFix = false, trace }: PatchProps) {
  const { togglePatch } = useActions()
  const view = trace?.patches.find((one) => one.id === patch.id)
  const notes = [view?.shipped ? 'shipped' : null, view && !view.consulted ? 'no effect here' : null, view?.refusal ?? null].filter(
    (note) => note !== null,
  )
  return (
    <label className={isFix ? 'patch is-fix' : 'patch is-folding'} title={[patch.subject, ...notes].join('; ')}>
      <input
        type="checkbox"
        role="switch"
        checked={view?.on ?? false}
        disabled={!view || view.refusal !== null}
        onChange={() => togglePatch(patch.id)}
      />
      <span className="patch-kind">{patch.kind}</span>
      <code>{/^[0-9a-f]{12}$/.test(patch.id) ? patch.id : patch.name}</code>
      <span className="patch-subject">{patch.subject}</span>
      {notes.length > 0 && <span className="patch-note">{notes[0] === view?.refusal ? 'not with the others' : notes[0]}</span>}
    </label>
  )
}
