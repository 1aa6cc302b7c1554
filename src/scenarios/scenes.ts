/**
 * Scenarios in the language of own scenes: `scene.lockstep` in the folder, as it stands for the default kernel and settings. Loaded when
 * asked for: no page needs them to show a scenario.
 */

/** Those that have a text. */
export const sceneIds = [
  'append-hole',
  'append-unlock',
  'append-same-fd',
  'append-relapse',
  'lost-prefix',
  'lost-fsync',
  'dio-csum',
  'fsync-overlap',
  'fsync-torn',
  'bcachefs-lockless',
  'dio-short-read',
  'nowait-relapse',
  'dio-mmap-deadlock',
  'ext4-osync-size',
] as const

/** What cannot be said in the language, by scenario. */
export const unsaid: Readonly<Record<string, string>> = {
  'bcachefs-restart': 'a program there reads before and after its write, while pages move: neither is modelled for scenes on bcachefs',
  'bcachefs-offset': 'its write(2) moves the position of an open file: xfs_io has no command that does',
  'ext4-position': 'its write(2) moves the position of an open file: xfs_io has no command that does',
}

/** The text, canonical; null = the scenario has none. */
export async function sceneOf(id: string): Promise<string | null> {
  if (!(sceneIds as readonly string[]).includes(id)) return null
  const { default: text } = (await import(`./${id}/scene.lockstep?raw`)) as { readonly default: string }
  return text
}
