import { memo, useId } from 'react'
import type { Card } from '../../../scenarios/card.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { PatchSwitch } from '../head/patch-switch.tsx'

/** Everything that decides which run it is, but for the fix, which stands above the pictures. */
export const Switches = memo(function Switches({ card }: { card: Card }) {
  const trace = useLockstep((state) => state.trace)
  return (
    <section className="switches" aria-label="Kernel, patches and settings">
      <h2>Kernel, patches and settings</h2>
      <div className="switches-fields">
        <KernelChoice card={card} />
        {card.schedules.length > 0 && <ScheduleChoice card={card} />}
        {card.settings.map((setting) => (
          <SettingChoice key={setting.name} setting={setting} />
        ))}
      </div>
      {card.patches
        .filter((patch) => patch.id !== card.fix)
        .map((patch) => (
          <PatchSwitch key={patch.id} patch={patch} trace={trace} />
        ))}
    </section>
  )
})

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
  const says = useId()
  return (
    <div className="setting">
      <label className="field">
        <span>
          {setting.label} <small>{setting.name}</small>
        </span>
        <select value={value} aria-describedby={says} onChange={(event) => setSetting(setting.name, event.target.value)}>
          {setting.values.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <p id={says} className="quiet">
        {setting.says}
      </p>
    </div>
  )
}
