/** What the text of a scene claims, each with the rule that says whether it is so. */
import { deadlock } from '../engine/stuck.ts'
import { printFact } from '../scene/fact.ts'
import { sayings, type Claim, type Fact, type Scene } from '../scene/scene.ts'

export interface Claimed {
  readonly id: string
  /** Of the rule that says whether it is so: its own, or one of the engine's. */
  readonly rule: string
  readonly line: number
  readonly claim: Claim
  readonly fact: Fact
  readonly text: string
}

/** The claims with the ids of their oracles, `F1`, `F2`, ... */
export const claimsOf = (scene: Scene): Claimed[] =>
  sayings(scene, 'claim').map(({ line, claim, fact }, i) => {
    const id = `F${i + 1}`
    return { id, rule: fact.what.kind === 'deadlock' ? deadlock.id : id, line, claim, fact, text: `${claim} ${printFact(fact)}` }
  })
