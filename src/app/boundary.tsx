import { Component, type ReactNode } from 'react'

/** Whatever breaks below is said on the page, with a way out, instead of leaving it empty. */
export class Boundary extends Component<{ children: ReactNode }, { readonly broke: string | null }> {
  override state = { broke: null }

  static getDerivedStateFromError(error: unknown): { broke: string } {
    return { broke: error instanceof Error ? error.message : String(error) }
  }

  override render(): ReactNode {
    if (this.state.broke === null) return this.props.children
    return (
      <div className="page page-prose">
        <main>
          <h1>The page broke</h1>
          <p role="alert">Please report this with the address of the page: {this.state.broke}</p>
          <p>
            <button type="button" onClick={() => location.reload()}>
              Load it again
            </button>
          </p>
        </main>
      </div>
    )
  }
}
