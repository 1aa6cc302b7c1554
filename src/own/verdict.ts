/** What a search makes of a claim. */

/** `unknown`: the bound was reached before anything was found. */
export type Answer = 'holds' | 'broken' | 'reachable' | 'unreachable' | 'unknown'

/** `sample`: a schedule in which the claim is broken or, of a `sometimes`, in which it is so; null = none was found. */
export function answerTo(claim: 'never' | 'always' | 'sometimes', sample: string | null, complete: boolean): Answer {
  if (claim === 'sometimes') return sample !== null ? 'reachable' : complete ? 'unreachable' : 'unknown'
  return sample !== null ? 'broken' : complete ? 'holds' : 'unknown'
}
