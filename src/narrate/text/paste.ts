/** A link as mails have it, and a text with the link that it comes from. */
import type { TraceView } from '../../worker/protocol.ts'
import { fill } from './lines.ts'
import { kernelOf } from './side.ts'

/** A footnote. */
export const reference = (url: string): string => `[1] ${url}`

/** A line among the tags of a commit message, with the mark that the text refers to it by. */
export const linkTag = (url: string): string => `Link: ${url} [1]`

/** What the text was made from: whose run, at which step of how many, on which kernel; and that it is a model. */
export interface Credit {
  readonly title: string
  readonly step: number
  readonly left: TraceView
  readonly right: TraceView | null
}

/** The text, what it is of, and the link in a line of its own, which no width breaks. */
export function withLink(text: string, { title, step, left, right }: Credit, url: string, width: number): string {
  const at = right === null ? `, step ${step} of ${left.steps.length}` : ''
  const kernels = right === null ? kernelOf(left) : `${kernelOf(left)} and ${kernelOf(right)}`
  const says = fill(`"${title}"${at}, in a model of Linux ${kernels}, not the kernel:`, width)
  return [text.trimEnd(), '', ...says, url, ''].join('\n')
}
