/** Words about runs and searches: those of this page. */
import { Arrow, Box, Mark, Sketch, Words } from './sketch.tsx'
import type { Explanation } from './explanation.ts'

export const runTerms: readonly Explanation[] = [
  {
    name: 'schedule',
    says: 'One order in which the tasks take their steps: A5B2A1 is five steps of A, two of B, one of A. The same tasks can run in very many orders.',
    sketch: (
      <Sketch>
        <Box x={10} w={90} text="A 5 steps" />
        <Box x={104} w={66} text="B 2" look="faint" />
        <Box x={174} w={50} text="A 1" />
      </Sketch>
    ),
  },
  {
    name: 'interleaving',
    says: 'Another word for a schedule: how the steps of the tasks fall between each other. “Every interleaving” means that a search has looked at all of them.',
    sketch: (
      <Sketch>
        <Box x={10} y={6} w={60} text="A" />
        <Box x={130} y={6} w={60} text="A" />
        <Box x={70} y={38} w={60} text="B" look="faint" />
        <Arrow from={[70, 26]} to={[84, 37]} />
        <Arrow from={[116, 38]} to={[130, 27]} />
      </Sketch>
    ),
  },
  {
    name: 'race window',
    says: 'The stretch of a run in which another task has to take a certain step for the bug to happen. It opens and closes with steps, and no lock keeps the other task out meanwhile.',
    sketch: (
      <Sketch>
        <Mark x={70} name="opens" end />
        <Box x={70} w={100} look="faint" />
        <Mark x={170} name="closes" />
        <Words x={84} y={37}>
          B gets in
        </Words>
      </Sketch>
    ),
  },
  {
    name: 'violate',
    says: 'A schedule violates if a rule is broken in it that every right kernel keeps, such as “no hole in appended data”. The rules look at states and results only; they know neither the bug nor the fix.',
    sketch: (
      <Sketch>
        <Box x={10} w={80} text="state" />
        <Arrow from={[90, 32]} to={[118, 32]} />
        <Box x={120} w={100} text="rule: no" look="open" />
      </Sketch>
    ),
  },
]
