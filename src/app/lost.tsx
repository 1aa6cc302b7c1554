/**
 * Parts of the page come when they are wanted, and one may not come: the network is gone, or the site was changed under the open page.
 * Vite tells of each as an event. The rest of the page stays as it is.
 */
import { create } from 'zustand'

interface Lost {
  readonly lost: boolean
}

const useLost = create<Lost>()(() => ({ lost: false }))
const errors = new WeakSet<object>()

addEventListener('vite:preloadError', ({ payload }) => {
  errors.add(payload)
  useLost.setState({ lost: true })
})

/** Did it happen because a part of the page could not be loaded? */
export const isLoss = (error: unknown): boolean => typeof error === 'object' && error !== null && errors.has(error)

/** What happened, and that nothing is lost by loading the page again: the address holds the place. */
export const lossInWords =
  'A part of this page could not be loaded: the network is gone, or the site has been changed since the page was opened. ' +
  'The address holds the place; loading the page again comes back to it.'

export const Again = () => (
  <button type="button" onClick={() => location.reload()}>
    Load it again
  </button>
)

/** Stands on the page from the first loss on. */
export function LossNotice() {
  const lost = useLost((state) => state.lost)
  return (
    <div aria-live="polite">
      {lost && (
        <p role="alert" className="loss">
          {lossInWords} <Again />{' '}
          <button type="button" onClick={() => useLost.setState({ lost: false })}>
            Go on without
          </button>
        </p>
      )}
    </div>
  )
}
