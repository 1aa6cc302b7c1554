/**
 * A text as a part of an address: packed, in the alphabet of links. It begins and ends with a `z`, so that neither a mark of punctuation nor
 * what a mailer puts behind an address belongs to it; a checksum within tells damage.
 */

/** Longer addresses are cut or broken by mailers and chats; the text itself is then the better thing to send. */
export const LINK_MAX = 1_900
/** More than any paste that is read; what unpacks to more is none. */
const TEXT_MAX = 2_000_000

/** The last segment of the address, or null where the text does not fit. */
export async function packed(text: string): Promise<string | null> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate'))
  if (bytes === null) return null
  const letters = btoa(String.fromCharCode(...bytes.slice(0, LINK_MAX)))
  const segment = `z${letters.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}z`
  return bytes.length > LINK_MAX || segment.length > LINK_MAX ? null : segment
}

/** The text of a segment; null where it was damaged. Line breaks, quote marks and what was put behind it do no harm. */
export async function unpacked(segment: string): Promise<string | null> {
  const letters = /^z(.*)z/.exec(segment.replace(/%[0-9A-F]{2}|[^\w-]/gi, ''))?.[1]
  if (letters === undefined) return null
  try {
    const bytes = Uint8Array.from(atob(letters.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
    const text = await through(bytes, new DecompressionStream('deflate'))
    return text && new TextDecoder('utf-8', { fatal: true }).decode(text)
  } catch {
    return null
  }
}

/** All that comes out of a stream for these bytes; null if that is too much. @throws where the bytes are damaged. */
async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array | null> {
  const writer = stream.writable.getWriter()
  // What goes wrong is told by the other end as well.
  void writer.write(bytes).catch(() => undefined)
  void writer.close().catch(() => undefined)
  const reader = stream.readable.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const part = next.value as Uint8Array
    parts.push(part)
    length += part.length
    if (length > TEXT_MAX) {
      void reader.cancel().catch(() => undefined)
      return null
    }
  }
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
