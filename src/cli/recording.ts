/** The text of a recording: a file, packed or not, or the standard input. */
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InputError } from '../base/assert.ts'

/** The file's text, told by its first bytes whether it is packed; it may be a pipe. */
export async function contentOf(file: string): Promise<Readable> {
  const raw: Readable = file === '-' ? process.stdin : createReadStream(file)
  await once(raw, 'readable').catch((error: unknown) => {
    throw new InputError(`"${file}" cannot be read (${error instanceof Error ? error.message : String(error)}): name a file of sequences`)
  })
  const head = raw.read() as Buffer | null
  if (head) raw.unshift(head)
  if (head?.[0] !== 0x1f || head[1] !== 0x8b) return raw
  const unpacked = createGunzip()
  raw.on('error', (error) => unpacked.destroy(error))
  return raw.pipe(unpacked)
}
