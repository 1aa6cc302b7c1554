import { useEffect, useState } from 'react'
import { range } from '../../base/range.ts'
import { PictureLens } from '../../lenses/picture-lens.tsx'
import type { PasteDocument } from '../../paste/document.ts'
import type { PastedLog } from '../../paste/logs.ts'
import type { PastedAsked, PastedView } from '../../worker/protocol.ts'
import { useActions } from '../lockstep.tsx'
import { Problems } from './problems.tsx'

type Asked = { readonly view: PastedView } | { readonly failure: string } | null

/** What the model makes of it; null while it works. */
function useModel(asked: PastedAsked): Asked {
  const { pasted } = useActions()
  const key = JSON.stringify(asked)
  const [answer, setAnswer] = useState<{ readonly of: string; readonly is: Asked } | null>(null)
  useEffect(() => {
    let mine = true
    void pasted(JSON.parse(key) as PastedAsked).then((found) => {
      if (mine) setAnswer({ of: key, is: found.ok ? { view: found.value } : { failure: found.failure.message } })
    })
    return () => {
      mine = false
    }
  }, [pasted, key])
  return answer?.of === key ? answer.is : null
}

function Modelled({ asked }: { asked: PastedAsked }) {
  const answer = useModel(asked)
  if (answer === null) return <p className="page-waits">The model works on it.</p>
  if ('failure' in answer) return <p role="alert">{answer.failure}</p>
  const { strip, says, writers } = answer.view
  return (
    <div className="paste-layout">
      <PictureLens picture={strip} previous={null} />
      {says.map((one) => (
        <p key={one}>{one}</p>
      ))}
      {writers.length > 0 && (
        <>
          <p>
            {asked.what === 'fsx' && asked.differing.length > 0
              ? 'Who wrote the bytes that differed last:'
              : 'Who wrote the bytes that were read when some differed last:'}
          </p>
          <ul>
            {writers.map(({ from, to, says: who }) => (
              <li key={from}>
                {range(from, to)}: {who}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** What the next mount would make of a log: the procedure of the model that replays logs, given these items. */
export function Log({ log: { name, log, committed }, problems }: { log: PastedLog; problems: readonly string[] }) {
  const trees = {
    log: { items: log.items, size: log.size },
    committed: committed && !committed.partial ? { items: committed.items, size: committed.size } : null,
  }
  return (
    <section>
      <h2>What a log replay would make of {name}</h2>
      <Modelled asked={{ what: 'log', ...trees }} />
      {log.partial && <p>Items of the log were left out of the text: what they would do is not in the picture.</p>}
      {committed?.partial && <p>Items of the subvolume were left out of the text, so that it counts as not told.</p>}
      <Problems problems={problems} />
    </section>
  )
}

/** Releases whose file operations were compared with recordings of real kernels. */
const kernels = ['6.12', '6.1'] as const

/** The operations of an fsx log on the model, and who wrote the bytes that differed last. */
export function Fsx({ log }: { log: Extract<PasteDocument, { format: 'fsx' }> }) {
  const { operations, bad, differing = [], problems, total } = log
  const [kernel, setKernel] = useState<string>(kernels[0])
  return (
    <section>
      <h2>
        {operations.length} operations{total !== null && total !== operations.length && ` of ${total}`}
      </h2>
      <label className="field">
        <span>run on the model of btrfs, Linux</span>
        <select value={kernel} onChange={(event) => setKernel(event.target.value)}>
          {kernels.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <Modelled asked={{ what: 'fsx', operations, kernel, bad, differing }} />
      <Problems problems={problems} />
    </section>
  )
}
