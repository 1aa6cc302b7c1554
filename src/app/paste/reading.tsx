import type { PasteDocument } from '../../paste/document.ts'
import type { PastedFile } from '../../paste/layout.ts'
import { logsIn } from '../../paste/logs.ts'
import { PictureLens } from '../../lenses/picture-lens.tsx'
import { range } from '../../base/range.ts'
import { changed } from './changed.ts'
import { Fsx, Log } from './modelled.tsx'
import { capital, Problems } from './problems.tsx'
import { namesOf, saysOf, stripOf } from './strips.ts'

/** What a paste says: pictures, and beside them all of it in words. What was pasted is text here, never markup. */
export function Reading({ document, text }: { document: PasteDocument; text: string }) {
  return (
    <section aria-label="What it says" className="paste-reading">
      <p className="quiet" role="status">
        Read as {formats[document.format]}
        {document.damage.length > 0 && `; ${document.damage.map((one) => (one === 'rows elided' ? 'rows left out' : one)).join(', ')}`}.
        {document.note !== undefined && ` ${capital(document.note)}.`}
      </p>
      {'files' in document ? (
        <Layouts files={document.files} text={document.format === 'dump-tree' ? text : null} />
      ) : document.format === 'fsx' ? (
        <Fsx log={document} />
      ) : document.format === 'table' ? (
        <Table tasks={document.tasks} steps={document.steps} />
      ) : (
        <ol className="paste-steps">
          {document.steps.map(({ n, task, ranges = [], items = [] }, i) => (
            <li key={i} value={n}>
              {task === null ? 'no task is named' : task.startsWith('CPU') ? task : `task ${task}`}
              {ranges.length > 0 && `, ${ranges.map(([from, to]) => range(from, to)).join(', ')}`}
              {items.length > 0 && `, items over ${items.map(([from, to]) => range(from, to)).join(', ')}`}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

const formats: Readonly<Record<PasteDocument['format'], string>> = {
  filefrag: 'filefrag -v',
  fiemap: 'xfs_io fiemap',
  bmap: 'xfs_bmap',
  'dump-tree': 'items of dump-tree',
  table: 'a table with a column for each task',
  steps: 'numbered steps',
  fsx: 'a log of fsx',
}

/** `text`: of a dump, in which a tree may be a log; a gap in that is no hole, but something that the log does not tell. */
function Layouts({ files, text }: { files: readonly PastedFile[]; text: string | null }) {
  const logs = text === null ? [] : logsIn(text)
  const names = namesOf(files)
  const plain = files
    .map((file, i) => ({ file, name: names[i] ?? '', i }))
    .filter(({ i }) => logs.every(({ at, committedAt }) => at !== i && committedAt !== i))
  const [first, second] = plain
  const isPair = plain.length === 2 && first !== undefined && second !== undefined
  const groups = isPair ? [plain] : plain.map((one) => [one])
  return (
    <>
      {logs.map((log) => (
        <Log key={log.at} log={log} problems={[log.at, log.committedAt].flatMap((at) => files[at]?.problems ?? [])} />
      ))}
      {groups.map((group) => (
        <div key={group[0]?.i} className="paste-layout">
          <PictureLens
            picture={stripOf(
              group.map(({ file }) => file),
              isPair ? 'one axis for both' : (group[0]?.name ?? ''),
              group.map(({ name }) => name),
            )}
            previous={null}
          />
          {group.map(({ file, name, i }) => (
            <div key={i}>
              <h2>{name}</h2>
              {saysOf(file).map((says) => (
                <p key={says}>{says}</p>
              ))}
              <Problems problems={file.problems ?? []} />
            </div>
          ))}
        </div>
      ))}
      {isPair && (
        <>
          <h2>
            From {first.name} to {second.name}
          </h2>
          <ul>
            {changed(first.file, second.file).map((says) => (
              <li key={says}>{says}</li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function Table({ tasks, steps }: Pick<Extract<PasteDocument, { format: 'table' }>, 'tasks' | 'steps'>) {
  return (
    <div className="paste-scroll">
      <table>
        <thead>
          <tr>
            {tasks.map((task, i) => (
              <th key={i} scope="col">
                {task}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map(({ task, text }, i) => (
            <tr key={i}>
              {tasks.map((_, column) => (
                <td key={column}>{column === task ? text : ''}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
