/** `npm start`: installs what is missing, builds the page and serves it until stopped. */
import { ensureNode, ensurePackages, root, say, SetupError } from './setup.mjs'

try {
  ensureNode()
  ensurePackages()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(`[lockstep] ${error.message}`)
  process.exit(1)
}

// In this process and not in a child: npm passes Ctrl-C and SIGTERM to this one only.
const { build, preview } = await import('vite')
say('building')
await build({ root, logLevel: 'warn' })
const server = await preview({ root, preview: { host: '127.0.0.1', port: Number(process.env['PORT'] ?? 4173), strictPort: false } })
say(`open ${server.resolvedUrls?.local[0] ?? 'the address above'}  (Ctrl-C stops)`)

const stop = () => {
  void server.close().finally(() => process.exit(0))
  setTimeout(() => process.exit(0), 2000).unref()
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop)

// npm starts scripts through a shell. A SIGTERM to npm ends that shell and not this process, so notice when the parent is gone.
const parent = process.ppid
setInterval(() => process.ppid !== parent && stop(), 1000).unref()
