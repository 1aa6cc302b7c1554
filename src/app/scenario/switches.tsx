import type { Card } from '../../scenarios/card.ts'
import type { TraceView } from '../../worker/protocol.ts'
import type { Place } from '../../store/place.ts'
import { useActions } from '../lockstep.tsx'

/** Kernel, patches, settings and the ready schedules. */
export function Switches({ card, place, trace }: { card: Card; place: Place; trace: TraceView | null }) {
  const { setKernel, setSetting, setSchedule } = useActions()
  const named = 'named' in place.schedule ? place.schedule.named : ''
  return (
    <section className="switches" aria-label="Kernel, patches and settings">
      <label className="field">
        <span>Kernel</span>
        <select value={place.kernel} onChange={(event) => setKernel(event.target.value)}>
          {card.kernels.map((kernel) => (
            <option key={kernel}>{kernel}</option>
          ))}
        </select>
      </label>
      {card.patches.map((patch) => (
        <PatchSwitch key={patch.id} patch={patch} isFix={patch.id === card.fix} trace={trace} />
      ))}
      {card.settings.map((setting) => (
        <label key={setting.name} className="field" title={setting.says}>
          <span>{setting.name}</span>
          <select
            value={place.settings[setting.name] ?? setting.default}
            onChange={(event) => setSetting(setting.name, event.target.value)}
          >
            {setting.values.map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </label>
      ))}
      {card.schedules.length > 0 && (
        <label className="field" title={card.schedules.find(({ name }) => name === named)?.says}>
          <span>Schedule</span>
          <select value={named} onChange={(event) => setSchedule({ named: event.target.value })}>
            {named === '' && <option value="">your own</option>}
            {card.schedules.map(({ name, says }) => (
              <option key={name} value={name} title={says}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </section>
  )
}

function PatchSwitch({ patch, isFix, trace }: { patch: Card['patches'][number]; isFix: boolean; trace: TraceView | null }) {
  const { togglePatch } = useActions()
  const view = trace?.patches.find((one) => one.id === patch.id)
  const notes = [view?.shipped ? 'shipped' : null, view && !view.consulted ? 'no effect here' : null, view?.refusal ?? null].filter(
    (note) => note !== null,
  )
  return (
    <label className={isFix ? 'patch is-fix' : 'patch'} title={[patch.subject, ...notes].join('; ')}>
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
      {notes.length > 0 && <span className="patch-note">{notes[0]}</span>}
    </label>
  )
}
