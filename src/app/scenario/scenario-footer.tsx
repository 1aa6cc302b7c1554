import type { Card } from '../../scenarios/card.ts'
import { Footer } from '../footer.tsx'

/** The footer of a scenario's page names the scenario and its revision. */
export const ScenarioFooter = ({ card }: { card: Card }) => (
  <Footer>
    <p>
      {card.own ? (
        `A scene of your own, revision ${card.rev} of what its links mean.`
      ) : (
        <>
          Scenario <code>{card.id}</code>, revision {card.rev}.
        </>
      )}
    </p>
  </Footer>
)
