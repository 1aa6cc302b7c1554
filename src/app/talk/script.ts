/** A talk is a text that its speaker writes in any editor: one link a line, and below each what there is to say. */
import { InputError } from '../../base/assert.ts'
import type { Card } from '../../scenarios/card.ts'
import { splitOwn } from '../../scene/id.ts'
import { isOwn } from '../../scene/own.ts'
import { parse } from '../../store/link/link.ts'
import type { Place } from '../../store/place/place.ts'

export interface Stop {
  /** As it stands in the text. */
  readonly link: string
  /** Counted from 1. */
  readonly line: number
  /** Null where the link cannot be shown, and of a scene, which the model has to read first. */
  readonly place: Place | null
  /** Of a scene that can be read: its fragment, and its name. */
  readonly own: { readonly fragment: string; readonly name: string } | null
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

/** Can it be shown? */
export const canShow = ({ place, own }: Stop): boolean => place !== null || own !== null

/** The text with one more stop at its end. */
export const withStop = (text: string, link: string): string => `${text.trimEnd()}${text.trim() === '' ? '' : '\n\n'}${link}\n`

/** One word that leads into the fragment of a page, and nothing else on its line: a link inside a sentence belongs to the notes. */
const isLink = (line: string): boolean => /^\S*#\/\S*$/.test(bare(line))

const bare = (line: string): string => line.trim().replace(/^<(.*)>$/, '$1')

/** Both forms: the scenario in front of the fragment, or first in it. */
function readLink(link: string, cards: readonly Card[]): Pick<Stop, 'place' | 'own' | 'problem'> {
  const at = link.indexOf('#')
  if (isOwn(link.slice(at + 2))) return readOwn(link.slice(at))
  const folder = /(?:^|\/)([^/]+)\/$/.exec(link.slice(0, at))?.[1]
  const isFolder = folder !== undefined && (cards.some(({ id }) => id === folder) || /^#\/r\d/.test(link.slice(at)))
  const parsed = parse(link.slice(at), isFolder ? folder : null, cards)
  return 'place' in parsed ? { place: parsed.place, own: null, problem: null } : { place: null, own: null, problem: parsed.problem.says }
}

/** Whether it can be run is asked when it is shown. */
function readOwn(fragment: string): Pick<Stop, 'place' | 'own' | 'problem'> {
  try {
    const { scene } = splitOwn(fragment.split('/').slice(2))
    return { place: null, own: { fragment, name: scene.name ?? 'a scene of your own' }, problem: null }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { place: null, own: null, problem: error.message }
  }
}
