import { Component, type ReactNode } from 'react'
import { Again, isLoss, lossInWords } from './lost.tsx'

/** What stands on a page that cannot go on. */
export function Broken({ error }: { error: unknown }) {
  const lost = isLoss(error)
  return (
    <div className="page page-prose">
      <main>
        <h1>{lost ? 'A part of the page is missing' : 'The page broke'}</h1>
        <p role="alert">
          {lost
            ? lossInWords
            : `Please report this with the address of the page: ${error instanceof Error ? error.message : String(error)}`}
        </p>
        <p>
          <Again />
        </p>
      </main>
    </div>
  )
}

interface State {
  readonly broke: { readonly error: unknown } | null
}

/** Whatever breaks below is said on the page, with a way out, instead of leaving it empty. */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { broke: null }

  static getDerivedStateFromError(error: unknown): State {
    return { broke: { error } }
  }

  override render(): ReactNode {
    const { broke } = this.state
    return broke ? <Broken error={broke.error} /> : this.props.children
  }
}
