/** A scenario for who has no script, and for archives: what should have been, what was, how, how often, commits and mails. */
import type { Card } from '../../scenarios/card.ts'
import { rulesInWords } from '../rules.ts'
import { fill, printed } from './lines.ts'
import { kernelOf, type Chosen, type Side } from './side.ts'
import { steps } from './steps.ts'
import { fixesLines, messageId, NO_CULPRIT } from './tags.ts'
import { counts } from './why.ts'

/** What the page says beside the run. */
export interface About {
  readonly card: Card
  readonly threads: readonly { readonly id: string; readonly says: string }[]
}

export function page(side: Side, chosen: Chosen, { card, threads }: About): string[] {
  const { width } = chosen
  const { view } = side
  const plain = view.settings.every(({ value, default: usual }) => value === usual)
  const mails = threads.flatMap(({ id, says }) => {
    const message = messageId(id)
    return message === null ? [] : [...fill(`<${message}>`, width, '  '), ...fill(says, width, '    ')]
  })
  const tags = fixesLines(card)
  const wrong = view.oracles
    .filter(({ id, kind }) => kind === 'verdict' && view.violations.some(({ oracle }) => oracle === id))
    .map(({ id }) => id)
  // Code keeps its columns where they fit.
  const margin = ' '.repeat(Math.max(0, Math.min(2, width - Math.max(...card.reproducer.map((line) => line.length)))))
  const fixedBy = card.asks === undefined ? card.commits.find(({ id }) => id === card.fix) : undefined
  const told = [
    '',
    'Commits:',
    '',
    ...card.commits.flatMap(({ id, subject, role }) => fill(`${id} ("${subject}"): ${role}`, width, '  ', '    ')),
    '',
    ...(tags.length > 0 ? tags : fill(NO_CULPRIT, width)),
    ...(fixedBy ? fill(`Fixed by: ${fixedBy.id} ("${fixedBy.subject}")`, width, '', '  ') : []),
    ...(mails.length > 0 ? ['', 'Messages:', '', ...mails] : []),
    '',
    ...fill(`Affected: ${card.affected}`, width, '', '  '),
  ]
  const [should, did] = card.own ? ['Claimed: ', 'Did:     '] : ['Should: ', 'Did:    ']
  return [
    ...fill(card.title, width),
    '='.repeat(Math.min(width, card.title.length)),
    '',
    ...fill(view.scene, width),
    '',
    ...(plain ? fill(`${should}${card.should}`, width, '', '  ') : []),
    ...(view.happened.length > 0 ? fill(`${did}${view.happened.join(' ')}`, width, '', '  ') : []),
    ...(wrong.length > 0 ? fill(`Broken: ${rulesInWords(view.oracles, wrong)}.`, width, '', '  ') : []),
    ...(view.documented && !card.own ? ['', ...fill(card.gist, width), '', ...fill(card.story, width)] : []),
    '',
    ...steps(side, chosen),
    '',
    'How often:',
    '',
    ...counts(side, chosen),
    ...(card.own ? [] : told),
    '',
    card.own ? 'The scene:' : plain ? 'Reproducer:' : 'Reproducer of the documented run:',
    '',
    ...card.reproducer.flatMap((line) => printed(`${margin}${line}`, width)),
    '',
    ...fill(
      `This is a model of Linux ${kernelOf(view)}, not the kernel. With JavaScript the page runs it step by step, in every interleaving.`,
      width,
    ),
  ]
}
