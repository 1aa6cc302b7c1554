/** What axe objects to on a page, as lines. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

interface Asked {
  /** Only what is in here. */
  readonly inside?: string
  readonly tags?: readonly string[]
  /** These rules alone. */
  readonly rules?: readonly string[]
}

const wcag = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']

/** In the page itself: the pages that are looked at have no frames, whose results a page of their own would have to put together. */
export async function objections(page: Page, { inside, tags = wcag, rules }: Asked = {}): Promise<string[]> {
  const asked = new AxeBuilder({ page }).setLegacyMode()
  if (inside) asked.include(inside)
  const { violations } = await (rules ? asked.withRules([...rules]) : asked.withTags([...tags])).analyze()
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, html }) => `${target.join(' ')} ${html.slice(0, 120)}`).join(', ')}`,
  )
}

/** What can differ where the same elements have other colours. */
export const ofColours = ['color-contrast', 'link-in-text-block']

export const bestPractice = [...wcag, 'best-practice']
