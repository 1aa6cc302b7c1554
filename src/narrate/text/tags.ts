/** Commits and mails as kernel people name them: tags, and message ids. */
import type { Card } from '../../scenarios/card.ts'

/** Of a commit that brought the bug in. */
const CULPRIT = /^(introduced it|brings it back|brought it back)/

/** `Fixes: 8184620ae212 ("subject")`: tags, which no wrapping touches. */
export function fixesLines({ commits }: Pick<Card, 'commits'>): string[] {
  return commits
    .filter(({ id, role }) => /^[0-9a-f]{12,}$/.test(id) && CULPRIT.test(role))
    .map(({ id, subject }) => `Fixes: ${id} ("${subject}")`)
}

/** Said where there is none of them. */
export const NO_CULPRIT = 'No single commit is named that introduced it: nothing for a Fixes: line.'

/** The message id that a thread is known by: by itself, or at the end of an address of the archive. */
export function messageId(id: string): string | null {
  const found = /^(?:https:\/\/lore\.kernel\.org\/\S+?\/)?([^\s/<>@]+@[^\s/<>@]+?)\/?$/.exec(id)
  return found?.[1] ?? null
}
