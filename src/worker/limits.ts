/** What the model's workers may hold. */

/** The search of the system on the page is kept for the next question about it up to so many states: 100 bytes each, and as much again for its net. */
export const KEPT_STATES = 400_000

/** A worker that has visited more states than this is ended, and not only told to stop, when nobody needs its search any more: an engine gives memory back to a page at its leisure, a worker's end at once. */
export const HEAVY_STATES = 30_000
