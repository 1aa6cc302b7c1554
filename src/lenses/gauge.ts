/** How high the drawing of a counter through time is. */
export const courseHeight = 52
