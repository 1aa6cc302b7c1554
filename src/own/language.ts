/** What can be written in a scene on each file system, for whoever types one. */
import { patchesFor } from '../kernel/patches.ts'
import { compareVersions, releasesTelling } from '../kernel/releases.ts'
import { modelled } from './modelled.ts'

/** Every file system of which scenes can be asked, with its releases, patches, options, and what is modelled. */
export const languageOf = () =>
  modelled.map(({ fs, since, until, commands, models, events, facts, mkfs, mount }) => {
    const patches = patchesFor(fs)
    const rows = { command: commands, model: models, event: events, fact: facts } as const
    return {
      fs,
      releases: releasesTelling(patches.map(({ id }) => id))
        .map(({ version }) => version)
        .filter(
          (version) => (!since || compareVersions(version, since.release) >= 0) && (!until || compareVersions(version, until.release) < 0),
        ),
      patches: patches.map(({ id, subject }) => ({ word: id, says: subject })),
      options: [...mkfs, ...mount],
      rows: (['command', 'model', 'event', 'fact'] as const).flatMap((part) =>
        Object.entries(rows[part]).map(([word, says]) => ({ part, word, says: says as string | null })),
      ),
    }
  })
