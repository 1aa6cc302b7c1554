import { useRef, useState } from 'react'

interface Props {
  readonly name: string
  /** Null until it is there. */
  readonly text: string | null
  /** In place of the text, where that stands elsewhere. */
  readonly shown?: string
  readonly columns?: number
  /** The one to take. */
  readonly main?: boolean
}

/** One form to take along: what it is, how long, and a button that puts it on the clipboard as plain text. */
export function Copy({ name, text, shown, columns, main = false }: Props) {
  const ref = useRef<HTMLTableCellElement>(null)
  const [said, setSaid] = useState<{ readonly of: string; readonly says: string } | null>(null)
  const copy = async (of: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(of)
      setSaid({ of, says: 'copied' })
    } catch {
      // Forbidden, or not there at all where the page came without TLS: then by hand.
      if (ref.current && shown === undefined) getSelection()?.selectAllChildren(ref.current)
      setSaid({ of, says: shown === undefined ? 'selected: copy it by hand' : 'not allowed here: copy it by hand' })
    }
  }
  return (
    <tr>
      <th scope="row">{name}</th>
      <td ref={ref} className="share-text">
        {shown ?? <code>{text}</code>}
      </td>
      <td className="share-columns quiet">{columns !== undefined && `${columns} columns`}</td>
      <td className="share-button">
        <button
          type="button"
          className={main ? 'button-main' : undefined}
          disabled={text === null}
          aria-label={`Copy: ${name}`}
          onClick={() => text !== null && void copy(text)}
        >
          Copy
        </button>{' '}
        <span role="status" className="quiet">
          {said !== null && said.of === text ? said.says : ''}
        </span>
      </td>
    </tr>
  )
}
