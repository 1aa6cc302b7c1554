/** What the one-file build may do, as a content security policy: run and look like what is in the file, and ask nobody for anything. */
import { createHash } from 'node:crypto'

/** What stands between the tags, to the letter. */
export interface Inline {
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export function policyOf({ scripts, styles }: Inline): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(' ')}`,
    `style-src ${styles.map(hashOf).join(' ')}`,
    'font-src data:',
    'img-src data: blob:',
    // The worker is in the file too, and so are the recordings.
    'worker-src blob:',
    'connect-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}
