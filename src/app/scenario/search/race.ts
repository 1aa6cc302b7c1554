/** What was found of the race in the shape that the timeline declares. */
import type { Doom, RaceBar } from '../../../lenses/doom.ts'
import { percent } from '../../../lenses/percent.ts'
import type { Alternative, TraceView, WhyView } from '../../../worker/protocol.ts'

/** More bars than this say less than the sentences. */
const MOST_BARS = 3

/** The race along a run; `why` is null as long as it is not known. */
export function doomOf(trace: TraceView, found: WhyView | null, failed: boolean): Doom {
  // While another run is on its way, what is known of that one stands beside the trace of this one.
  const why = found?.doom && found.doom.shares.length !== trace.steps.length + 1 ? null : found
  const curve = why?.doom ?? null
  const shares = curve?.shares ?? []
  const known = shares.every((share) => share !== null)
  const jump = known ? (curve?.jump ?? null) : null
  return {
    shares: known ? shares : [],
    lost: curve === null || curve.lost === null ? null : { step: curve.lost, says: actionOf(trace, curve.lost) },
    // Where both sides of it read the same, nothing is told by it.
    jump: jump && percent(jump.from) !== percent(jump.to) ? { step: jump.step, says: actionOf(trace, jump.step) } : null,
    bars: (why?.window?.alternatives ?? []).flatMap((one, i) => barOf(one, `${i}`)).slice(0, MOST_BARS),
    instead: insteadOf(why, failed, known),
  }
}

function insteadOf(why: WhyView | null, failed: boolean, known: boolean): string {
  if (failed) return 'could not be worked out'
  if (why === null) return 'asking every interleaving'
  if (!known) return 'this run can go on in infinitely many ways'
  return why.answer === 'never' ? 'no interleaving violates' : 'not known'
}

function actionOf(trace: TraceView, n: number): string {
  const step = trace.steps[n - 1]
  return step ? `${step.task} ${step.label}` : ''
}

/** The bar of an alternative, if this run takes the steps that bound it. */
function barOf({ opens, closes, inside, here, says, fix }: Alternative, id: string): RaceBar[] {
  const missing = (opens !== null && here.opens === null) || (closes !== null && here.closes === null)
  if (inside === null || missing || (here.inside === null && !here.holds)) return []
  const falls = here.holds ? `${inside.task} ${inside.label} falls in` : `${inside.task} ${inside.label} does not fall in`
  const cover = fix?.waits ? `with the fix ${fix.waits.task} waits for ${fix.waits.on}` : null
  const names = [...(cover === null ? [] : [`${falls}; ${cover}`, cover]), falls]
  return [{ id, opens: here.opens, closes: here.closes, inside: here.inside, names, says }]
}
