/** A static host under a path of its own, which can be switched off and given another build. */
import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}

/** What a request gets instead of the file; null for the file. */
type Instead = (path: string) => string | null

export interface Host {
  /** The address of the root, ending in a slash. */
  readonly address: string
  /** Answers with something else from now on. */
  answer(instead: Instead): void
  close(): Promise<void>
}

/** Serves `folder` under `path`, as static hosts do: a folder without its last slash is sent there, what is not there is a 404. */
export async function host(folder: string, path = '/'): Promise<Host> {
  let instead: Instead = () => null
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const inside = asked.slice(path.length)
    const other = asked.startsWith(path) ? instead(inside) : null
    const file = normalize(join(folder, inside.endsWith('/') || inside === '' ? `${inside}index.html` : inside))
    const found = asked.startsWith(path) && file.startsWith(folder) ? statSync(file, { throwIfNoEntry: false }) : undefined
    // Hosts vary by origin; what is kept must be found all the same.
    const headers = { 'content-type': types[extname(file)] ?? 'application/octet-stream', vary: 'Origin' }
    if (other !== null) response.writeHead(other === '' ? 404 : 200, headers).end(other)
    else if (found?.isDirectory()) response.writeHead(301, { location: `${asked}/` }).end()
    else if (found) response.writeHead(200, headers).end(readFileSync(file))
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no address')
  return {
    address: `http://127.0.0.1:${address.port}${path}`,
    answer: (next) => void (instead = next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
