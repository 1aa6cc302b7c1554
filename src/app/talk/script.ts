/** A talk is a text that its speaker writes in any editor: one link a line, and below each what there is to say. */
import type { Card } from '../../scenarios/card.ts'
import { parse } from '../../store/link/link.ts'
import type { Place } from '../../store/place/place.ts'

export interface Stop {
  /** As it stands in the text. */
  readonly link: string
  /** Counted from 1. */
  readonly line: number
  /** Null where the link cannot be shown. */
  readonly place: Place | null
  /** Why it cannot. */
  readonly problem: string | null
  readonly notes: string
}

/** The stops of a talk, in order. What stands above the first link is for the speaker alone. */
export function stopsOf(text: string, cards: readonly Card[]): readonly Stop[] {
  const lines = text.split(/\r?\n/)
  const starts = lines.flatMap((line, i) => (isLink(line) ? [i] : []))
  return starts.map((start, i): Stop => {
    const link = bare(lines[start] ?? '')
    const read = readLink(link, cards)
    const notes = lines
      .slice(start + 1, starts[i + 1] ?? lines.length)
      .join('\n')
      .trim()
    return { link, line: start + 1, ...read, notes }
  })
}

/** The text with one more stop at its end. */
export const withStop = (text: string, link: string): string => `${text.trimEnd()}${text.trim() === '' ? '' : '\n\n'}${link}\n`

/** One word that leads into the fragment of a page, and nothing else on its line: a link inside a sentence belongs to the notes. */
const isLink = (line: string): boolean => /^\S*#\/\S*$/.test(bare(line))

const bare = (line: string): string => line.trim().replace(/^<(.*)>$/, '$1')

/** Both forms: the scenario in front of the fragment, or first in it. */
function readLink(link: string, cards: readonly Card[]): Pick<Stop, 'place' | 'problem'> {
  const at = link.indexOf('#')
  const folder = /(?:^|\/)([^/]+)\/$/.exec(link.slice(0, at))?.[1]
  const isFolder = folder !== undefined && (cards.some(({ id }) => id === folder) || /^#\/r\d/.test(link.slice(at)))
  const parsed = parse(link.slice(at), isFolder ? folder : null, cards)
  return 'place' in parsed ? { place: parsed.place, problem: null } : { place: null, problem: parsed.problem.says }
}
