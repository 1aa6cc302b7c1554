import type { Theme } from '../store/state.ts'
import { useActions, useLockstep } from './lockstep.tsx'

const themes: readonly Theme[] = ['system', 'light', 'dark']

export function ThemeSwitch() {
  const theme = useLockstep((state) => state.theme)
  const { setTheme } = useActions()
  return (
    <label className="field">
      <span>Colours</span>
      <select value={theme} onChange={(event) => setTheme(themes.find((one) => one === event.target.value) ?? 'system')}>
        <option value="system">automatic</option>
        <option value="light">light</option>
        <option value="dark">dark</option>
      </select>
    </label>
  )
}
