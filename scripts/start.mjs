/** `npm start`: installs what is missing, builds the page and serves it until stopped. */
import { ensureNode, ensurePackages, ensureWritable, root, say, SetupError } from './setup.mjs'

try {
  await start()
} catch (error) {
  const says = error instanceof SetupError ? error.message : `the page could not be built and served: ${firstLine(error)}`
  console.error(`[lockstep] ${says}`)
  process.exit(2)
}

async function start() {
  ensureNode()
  const port = portAsked()
  ensureWritable()
  ensurePackages()
  // In this process and not in a child: npm passes Ctrl-C and SIGTERM to this one only.
  const { build, preview } = await import('vite')
  say('building')
  await build({ root, logLevel: 'warn' })
  const server = await preview({ root, preview: { host: '127.0.0.1', port, strictPort: false } })
  say(`open ${server.resolvedUrls?.local[0] ?? 'the address above'}  (Ctrl-C stops)`)
  stopWithParent(server)
}

/** The port of PORT, 4173 where nothing is said. */
function portAsked() {
  const asked = process.env['PORT'] || '4173'
  const port = Number(asked)
  if (!/^\d+$/.test(asked) || port < 1 || port > 65_535)
    throw new SetupError(`PORT is "${asked}", which is no port: give a number from 1 to 65535, or leave it out`)
  return port
}

/** @param {unknown} error */
function firstLine(error) {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}

/** @param {import('vite').PreviewServer} server */
function stopWithParent(server) {
  const stop = () => {
    void server.close().finally(() => process.exit(0))
    setTimeout(() => process.exit(0), 2000).unref()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop)

  // npm starts scripts through a shell. A SIGTERM to npm ends that shell and not this process, so notice when the parent is gone.
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && stop(), 1000).unref()
}
