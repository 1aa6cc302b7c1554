import { commandForms, commandNames } from '../../../scene/words.ts'
import type { LanguageView } from '../../../worker/protocol.ts'
import { Inline } from './inline.tsx'

const parts = { command: 'commands', model: 'behind --', event: 'may', fact: 'facts' } as const

const meaning = (word: string): string =>
  (commandNames as readonly string[]).includes(word) ? commandForms[word as keyof typeof commandForms].says : ''

/** What of the language the model of a file system can do, and why not where it cannot: the same table refuses a scene by line. */
export function ModelledTable({ language, fs }: { language: LanguageView | null; fs: string }) {
  const here = language?.fileSystems.find((one) => one.fs === fs)
  if (!here) return null
  const without = here.rows.filter(({ says }) => says !== null)
  return (
    <details className="editor-modelled">
      <summary>
        What is modelled on {here.fs}: {here.rows.length - without.length} of {here.rows.length} words
      </summary>
      <div className="editor-table" role="group" aria-label={`What is modelled on ${here.fs}`} tabIndex={0}>
        <table>
          {(['command', 'model', 'event', 'fact'] as const).map((part) => (
            <tbody key={part}>
              <tr>
                <th scope="rowgroup" colSpan={2}>
                  {parts[part]}
                </th>
              </tr>
              {here.rows
                .filter((row) => row.part === part)
                .map(({ word, says }) => (
                  <tr key={word}>
                    <th scope="row">
                      <code>{word}</code>
                    </th>
                    <td>
                      {says === null ? 'yes' : 'no: '}
                      {says !== null ? (
                        <Inline text={says} />
                      ) : (
                        part === 'command' && meaning(word) !== '' && <span className="quiet">, {meaning(word)}</span>
                      )}
                    </td>
                  </tr>
                ))}
            </tbody>
          ))}
        </table>
        {here.options.length > 0 && (
          <p>
            <code>mkfs</code>, <code>mount</code>: {here.options.join(', ')}. Releases: {here.releases.join(', ')}.
          </p>
        )}
      </div>
    </details>
  )
}
