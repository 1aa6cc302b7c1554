/**
 * What each scenario's page says without scripts, worked out while the site is built: what `lockstep text <scenario>` prints. Whoever
 * imports this waits for a search of each of them.
 */
import { scenarioIds } from '../scenarios/registry.ts'
import { noScriptText } from './text-view.ts'

export const noScriptTexts: Readonly<Record<string, string>> = Object.fromEntries(
  await Promise.all(scenarioIds.map(async (id): Promise<[string, string]> => [id, await noScriptText(id)])),
)
