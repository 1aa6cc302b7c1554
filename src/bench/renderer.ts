/** What the processes of a page use; only Linux says so, in files. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'

async function renderers(browser: Browser): Promise<number[]> {
  const cdp = await browser.newBrowserCDPSession()
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
  await cdp.detach()
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
}

/** Resident memory of all renderers, workers included; null where the system does not say. */
export async function rendererMegabytes(browser: Browser): Promise<number | null> {
  if (process.platform !== 'linux') return null
  const kilobytes = (await renderers(browser)).map((id) =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0),
  )
  return Math.round(kilobytes.reduce((sum, one) => sum + one, 0) / 1024)
}

/** Processor time so far, in milliseconds, of the worker that was started last; null where the system does not say. */
export async function workerCpuMs(browser: Browser): Promise<{ readonly thread: number; readonly ms: number } | null> {
  if (process.platform !== 'linux') return null
  let last = { thread: 0, ms: 0 }
  for (const id of await renderers(browser))
    for (const thread of readdirSync(`/proc/${id}/task`).map(Number))
      try {
        const folder = `/proc/${id}/task/${thread}`
        if (thread > last.thread && readFileSync(`${folder}/comm`, 'utf8').startsWith('DedicatedWorker'))
          last = { thread, ms: Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0]) / 1e6 }
      } catch {
        // The thread has ended between two reads.
      }
  return last
}
