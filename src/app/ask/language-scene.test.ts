import { expect, test } from 'vitest'
import { factAnswers } from '../../own/answer.ts'
import { stageScene } from '../../own/system.ts'
import { reduce } from '../../engine/reduce.ts'
import { parseScene } from '../../scene/parse.ts'
import { languageScene } from './language-scene.ts'

// It may be copied from the page: what it says has to run, and its claims hold.
test('the scene that shows the language is one, and every claim of it is true', () => {
  const { scene, problems } = parseScene(languageScene)
  expect(problems).toEqual([])
  const staged = stageScene(scene)
  if (!('system' in staged)) throw new Error(staged.map(({ message }) => message).join('; '))
  const reduced = reduce(staged.system, { maxStates: 200_000 })
  expect(factAnswers(staged, reduced).map(({ answer }) => answer)).toEqual(['holds', 'holds', 'reachable'])
})
