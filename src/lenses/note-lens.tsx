import type { Note } from '../picture/picture.ts'
import { Figure } from './figure.tsx'
import { ChangeIcon } from './marks.tsx'
import './tables.css'
import './aside.css'

/** A remark among the pictures. */
export function NoteLens({ picture, previous = null }: { picture: Note; previous?: Note | null }) {
  return (
    <Figure title={picture.title} kind="note">
      <p className="note">
        <ChangeIcon shown={previous !== null && previous.text !== picture.text} /> {picture.text}
      </p>
    </Figure>
  )
}
