/** How long to wait for a frame: a page that is not seen gets none. */
const PATIENCE_MS = 100

/** Runs `then` once the frame that is under way has been painted: a message posted from a frame callback is answered after that. */
export function afterPaint(then: () => void): void {
  let done = false
  const once = (): void => {
    if (done) return
    done = true
    clearTimeout(timer)
    then()
  }
  const timer = setTimeout(once, PATIENCE_MS)
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = once
    port2.postMessage(null)
  })
}
