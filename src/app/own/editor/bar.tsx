import { useSyncExternalStore } from 'react'
import { sceneIds, sceneOf } from '../../../scenarios/scenes.ts'
import { drafts, nameIn, namesOf, watchDrafts } from '../drafts.ts'
import { examples } from '../examples.ts'
import { sceneIn } from './from-mail.tsx'

interface BarProps {
  readonly text: string
  /** A text takes the place of the one that is open. */
  readonly onOpen: (text: string) => void
  readonly onMail: () => void
  readonly onFormat: () => void
  readonly onHelp: () => void
}

const blank = 'lockstep 1\non btrfs 6.1\n\nend\n'

/** What the menu can open: `draft:ID`, `example:NAME`, `scenario:ID`. */
export function Bar({ text, onOpen, onMail, onFormat, onHelp }: BarProps) {
  const { drafts: kept, removed } = useSyncExternalStore(watchDrafts, drafts.now)
  const all = kept.filter(({ typed }) => typed)
  const names = namesOf(all.map((one) => one.text))
  const open = all.find(({ id }) => drafts.isOpen(id))
  async function choose(value: string): Promise<void> {
    const [kind, name = ''] = value.split(/:(.*)/)
    const found =
      kind === 'draft'
        ? all.find(({ id }) => id === name)?.text
        : kind === 'example'
          ? examples.find((one) => one.name === name)?.text
          : kind === 'scenario'
            ? await sceneOf(name)
            : blank
    if (typeof found === 'string') onOpen(found)
  }
  return (
    <div className="editor-bar" role="group" aria-label="Texts">
      <label className="field">
        <span>open</span>
        <select aria-label="Open a text" value={open ? `draft:${open.id}` : ''} onChange={(event) => void choose(event.target.value)}>
          {!open && <option value="">{nameIn(text)}</option>}
          {all.length > 0 && (
            <optgroup label="Yours, kept in this browser">
              {all.map(({ id }, i) => (
                <option key={id} value={`draft:${id}`}>
                  {names[i]}
                </option>
              ))}
            </optgroup>
          )}
          <optgroup label="Examples">
            <option value="blank:">an empty scene</option>
            {examples.map(({ name, teaches }) => (
              <option key={name} value={`example:${name}`}>
                {name}: {teaches}
              </option>
            ))}
          </optgroup>
          <optgroup label="Bugs of the catalogue">
            {sceneIds.map((id) => (
              <option key={id} value={`scenario:${id}`}>
                {id}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      <button type="button" onClick={onMail}>
        From a mail
      </button>
      <button type="button" onClick={onFormat} title="Alt+Shift+F">
        Format
      </button>
      <button type="button" onClick={onHelp} title="F1">
        How to ask
      </button>
      <div className="editor-more">
        <label className="editor-file">
          <span>open a file</span>
          <input
            type="file"
            onChange={(event) => {
              const [file] = event.target.files ?? []
              void file?.text().then((found) => onOpen(sceneIn(`${found}\n`, true)?.text ?? found))
              event.target.value = ''
            }}
          />
        </label>
        <a download={`${nameIn(text).replaceAll(' ', '-')}.lockstep`} href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}>
          save as a file
        </a>
        {open && (
          <button type="button" onClick={() => drafts.remove(open.id)}>
            forget this draft
          </button>
        )}
        {removed && (
          <button
            type="button"
            onClick={() => {
              const back = drafts.bringBack()
              if (back !== null) onOpen(back)
            }}
          >
            bring back {nameIn(removed.text)}
          </button>
        )}
      </div>
    </div>
  )
}
