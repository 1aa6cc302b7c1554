/** Which kernel a mail is about, where it says so. */
import type { Line } from '../../paste/line.ts'

export interface KernelIn {
  readonly fs: string
  readonly release: string
  /** What was chosen because nothing is said. */
  readonly says: readonly string[]
}

/** The first release that a mail names is taken for the one it is about; these where it names none. */
const FS = 'btrfs'
const RELEASE = '6.1'

const version = String.raw`v?(\d{1,2}\.\d{1,3}(?:\.\d{1,3})?(?:-rc\d{1,2})?)`
const named = [
  new RegExp(String.raw`\b(?:linux|kernels?)(?:\s+version)?[\s:-]{1,3}${version}\b`, 'i'),
  // What uname -r prints.
  /\b(\d\.\d{1,2}\.\d{1,3})-[\w.+-]+/,
  new RegExp(String.raw`\bv(\d{1,2}\.\d{1,3}(?:\.\d{1,3})?(?:-rc\d{1,2})?)\b`),
]

/** @returns the file system and the release, with a sentence for each that was chosen. */
export function kernelIn(lines: readonly Line[]): KernelIn {
  const text = lines.map((line) => line.text).join('\n')
  const fs = /\bmkfs\.(btrfs|ext4|xfs|bcachefs)\b/.exec(text)?.[1] ?? /\b(btrfs|ext4|xfs|bcachefs)\b/i.exec(text)?.[1]?.toLowerCase()
  const release = named.map((one) => one.exec(text)?.[1]).find((one) => one !== undefined)
  return {
    fs: fs ?? FS,
    release: release ?? RELEASE,
    says: [
      ...(fs === undefined ? [`the text names no file system: ${FS} is chosen`] : []),
      ...(release === undefined ? [`the text names no release: ${RELEASE} is chosen`] : []),
    ],
  }
}
