/** A static host of the build that compresses as good hosts do and writes down what it sent. */
import { readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

export interface Sent {
  readonly path: string
  /** Of the body as transferred. */
  readonly bytes: number
  /** When it was asked for, in milliseconds since the epoch. */
  readonly at: number
}

export interface Host {
  readonly address: string
  readonly sent: Sent[]
  close(): void
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
}
/** These are compressed already. */
const packed = new Set(['.woff2', '.png'])

/** Serves a folder on a free port of this machine. */
export async function host(folder: string): Promise<Host> {
  const sent: Sent[] = []
  const bodies = new Map<string, Buffer>()
  const server: Server = createServer((request, response) => {
    const at = Date.now()
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = normalize(join(folder, path.endsWith('/') ? `${path}index.html` : path))
    const type = extname(file)
    if (!file.startsWith(folder) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end()
      return
    }
    const body = bodies.get(file) ?? compressed(file, type)
    bodies.set(file, body)
    sent.push({ path, bytes: body.length, at })
    response.writeHead(200, {
      'content-type': types[type] ?? 'application/octet-stream',
      'content-length': body.length,
      // Files that the build names by their content may be kept; without this a second worker would fetch its program again.
      'cache-control': path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
      ...(packed.has(type) ? {} : { 'content-encoding': 'br' }),
    })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no address')
  return { address: `http://127.0.0.1:${address.port}/`, sent, close: () => void server.close() }
}

function compressed(file: string, type: string): Buffer {
  const text = readFileSync(file)
  return packed.has(type) ? text : brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
}
