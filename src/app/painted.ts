/** How long to wait for a frame: a page that is not seen gets none. */
const PATIENCE_MS = 100

let later: (() => void)[] = []

/** Runs `then` once the frame that is under way has been painted: a message posted from a frame callback is answered after that. */
export function afterPaint(then: () => void): void {
  if (later.push(then) > 1) return
  const all = later
  const once = (): void => {
    if (later !== all) return
    later = []
    clearTimeout(timer)
    for (const one of all) one()
  }
  const timer = setTimeout(once, PATIENCE_MS)
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = once
    port2.postMessage(null)
  })
}

/** Before the next frame is painted, and after the one that is under way: it is asked for at once, so that there is no waiting for it afterwards. */
export function inNextFrame(then: () => void): void {
  let done = false
  const once = (): void => {
    if (done) return
    done = true
    then()
  }
  afterPaint(once)
  requestAnimationFrame(() => requestAnimationFrame(once))
}

let drawing = false
const waiting = new Set<() => void>()

/** How long drawing a step may take; what waits for it does not wait for ever. */
const DRAWN_MS = 500

/** A step was taken, and not all of it is drawn. */
export const drawingBegins = (): void => void (drawing = true)

export function allIsDrawn(): void {
  drawing = false
  const all = [...waiting]
  waiting.clear()
  for (const then of all) then()
}

/** Runs `then` when all of the step that was taken is drawn. */
export function whenDrawn(then: () => void): void {
  if (!drawing) return then()
  const once = (): void => {
    clearTimeout(timer)
    waiting.delete(once)
    then()
  }
  const timer = setTimeout(once, DRAWN_MS)
  waiting.add(once)
}
