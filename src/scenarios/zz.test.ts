import { it } from 'vitest'
import { loadScenario, scenarioIds } from './registry.ts'
import { originalOf } from './run.ts'
import { momentsOf, tell, sentenceOf } from './beat.ts'
it('prints', async () => {
  const out: string[] = []
  for (const id of scenarioIds) {
    const scenario = await loadScenario(id)
    out.push(`== ${id}`)
    for (const { beat, moment } of tell(scenario.beats, momentsOf(originalOf(scenario, scenario.card.schedules[0]!.name))))
      if (beat.stands.length > 0 || moment) out.push(`${moment?.step.n ?? 'NONE'} ${beat.id}${beat.stands.length ? '' : ' (alt)'}: ${moment ? sentenceOf(beat, moment) : ''}`)
  }
  console.log(out.join('\n'))
})
