import { Fragment } from 'react'
import './typed.css'

/** What one types, as it stands: a line may end between its words, and not behind a hyphen of one. */
export const Typed = ({ text }: { text: string }) => (
  <code>
    {text.split(' ').map((word, i) => (
      <Fragment key={i}>
        {i > 0 && ' '}
        <span className="typed-word">{word}</span>
      </Fragment>
    ))}
  </code>
)
