import type { ReleaseView } from '../../../worker/protocol.ts'

/** What a search of a release found, as one sign. */
export const releaseMarks: Readonly<Record<ReleaseView['state'], string>> = {
  violates: '\u00d7',
  holds: '\u25cb',
  undecided: '?',
  'not modelled': '\u2013',
  'not applicable': '\u2013',
}
