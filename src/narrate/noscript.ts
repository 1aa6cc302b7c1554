/** A scenario for readers without JavaScript: text browsers, archives, link previews. Plain ASCII, at most 72 columns. */
import type { Card } from '../scenarios/card.ts'
import { wrap } from './wrap.ts'

const width = 72

export function noScriptText(card: Card): string {
  const commits = card.commits.flatMap(({ id, subject, role }) => wrap(`${id} ("${subject}"): ${role}`, width, '  '))
  return [
    card.title,
    '='.repeat(Math.min(width, card.title.length)),
    '',
    ...wrap(card.gist, width),
    '',
    ...wrap(card.story, width),
    '',
    ...wrap(`Should: ${card.should}`, width),
    ...wrap(`Affected: ${card.affected}`, width),
    ...wrap(`Origin: ${card.origin}`, width),
    '',
    'Commits:',
    ...commits,
    '',
    'Reproducer:',
    ...card.reproducer.map((line) => `  ${line}`),
    '',
    ...wrap('This is a model, not the kernel. With JavaScript the page runs it step by step, in every interleaving.', width),
  ].join('\n')
}
