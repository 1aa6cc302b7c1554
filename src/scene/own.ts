/** How scenes are told from scenarios: all of them are in one folder. */

/** The folder, in place of a scenario's. */
export const OWN = 'own'

/** Is it a scene's name, and not that of a scenario? */
export const isOwn = (id: string): boolean => id.startsWith(`${OWN}/`)
