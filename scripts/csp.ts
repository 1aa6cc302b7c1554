/**
 * What a page may load and run, as a content security policy: what comes with it, and nothing of another host. Each page carries it as a
 * meta element, so that it holds on hosts that cannot set headers; whoever can sends `headers` as well.
 */
import { createHash } from 'node:crypto'

interface Page {
  /** Scripts and styles that stand in the page itself: only these, each by the hash of its text. */
  readonly html?: string
  /** Everything stands in the page: fonts as data, the worker as a blob. */
  readonly oneFile?: boolean
}

/** The policy of a page. It never has `unsafe-inline`. */
export function policyOf({ html = '', oneFile = false }: Page = {}): string {
  const own = oneFile ? [] : ["'self'"]
  const directives: readonly (readonly [name: string, sources: readonly string[]])[] = [
    ['default-src', []],
    // The worker of a page in one file is a blob, and so is what that one loads.
    ['script-src', [...own, ...(oneFile ? ['blob:'] : []), ...hashesOf(html, 'script')]],
    ['style-src', [...own, ...hashesOf(html, 'style')]],
    ['font-src', [...own, ...(oneFile ? ['data:'] : [])]],
    // What the page draws for readers to take along.
    ['img-src', [...own, 'data:', 'blob:']],
    ['media-src', [...own, 'blob:']],
    // In one file, the recordings that a page lays beside a run are data too.
    ['connect-src', [...own, ...(oneFile ? ['data:'] : [])]],
    ['manifest-src', own],
    ['worker-src', [...own, 'blob:']],
    ['base-uri', []],
    ['form-action', []],
  ]
  return directives.map(([name, sources]) => `${name} ${sources.length === 0 ? "'none'" : sources.join(' ')}`).join('; ')
}

/** What to send with every file of the ordinary build. */
export const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policyOf(),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** The page with its policy before anything that it applies to. */
export function withPolicy(html: string, { oneFile = false }: Pick<Page, 'oneFile'> = {}): string {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policyOf({ html, oneFile })}" />`
  return html.replace(/<meta charset="utf-8"\s*\/?>/, (charset) => `${charset}\n    ${meta}`)
}

/** `'sha256-...'` of each script or style that stands in the page and is run or applied; plain data is neither. */
function hashesOf(html: string, tag: 'script' | 'style'): string[] {
  const found = [...html.matchAll(new RegExp(`<${tag}\\b([^>]*)>([^]*?)</${tag}>`, 'g'))]
  const inline = found.filter(([, attributes = '']) => !/\bsrc=|\btype="application\/(ld\+)?json"/.test(attributes))
  return [...new Set(inline.map(([, , text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`))]
}
