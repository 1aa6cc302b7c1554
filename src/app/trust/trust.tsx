import { Suspense, useEffect } from 'react'
import { part } from '../../lenses/late.ts'
import { hrefOf } from '../address.ts'
import { Footer } from '../footer.tsx'
import { useApp } from '../lockstep.tsx'
import { PageTop } from '../page-top.tsx'
import agreement from './agreement.json' with { type: 'json' }
import bugs from './bugs.json' with { type: 'json' }
import { Predicted } from './predicted.tsx'
import './trust.css'

/** Every recorded program with its outcomes: more than the rest of the page. */
const Litmus = part(() => import('./litmus.tsx'))

/** What a level of comparison looks at, in the order from what a program is told to what lies on the disk. */
const levels: Readonly<Record<string, string>> = {
  ret: 'result and error of every call',
  size: 'st_size',
  data: 'content, as read',
  map: 'SEEK_HOLE and SEEK_DATA',
  fiemap: 'FIEMAP: offsets, lengths, flags',
  items: 'file extent items, disk addresses up to renaming',
  itemsExact: 'file extent items with their disk addresses',
  final: 'everything after a last syncfs',
  log: 'items of the log tree on disk',
  after: 'the file after power failure and log replay',
  afterItems: 'its extent items after replay',
}

/** The bugs themselves, tried on real kernels; a test beside each scenario replays every one. */
function Bugs() {
  const { where } = useApp()
  return (
    <>
      <h2>The bugs themselves</h2>
      <p>
        They were tried on four builds as well; 6.1.192-rk is 6.1.192 with the fixes taken out. Every try is replayed on the model of the
        same kernel, and the model gives what was recorded in all of them. The numbers are of tries or series of them.
      </p>
      <div className="trust-scroll">
        <table className="trust">
          <thead>
            <tr>
              <th scope="col">tried</th>
              {bugs.kernels.map((kernel) => (
                <th key={kernel} scope="col" className="trust-release">
                  {kernel}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bugs.tries.map(({ scenario, what, counts }) => (
              <tr key={scenario}>
                <th scope="row">
                  <a href={hrefOf(where, scenario)}>{scenario}</a> <span className="quiet">{what}</span>
                </th>
                {counts.map((count, i) => (
                  <td key={bugs.kernels[i]}>{count}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        Where the kernel was traced, a run of the model lies along its function graph: what both enter, they enter in the same order. The
        scenarios show both side by side.
      </p>
      <ul>
        {bugs.graphs.map(({ scenario, kernel, file, calls }) => (
          <li key={file}>
            <a href={hrefOf(where, scenario)}>{scenario}</a>, Linux {kernel}: {calls} calls in <code>{file}</code>
          </li>
        ))}
      </ul>
    </>
  )
}

/** How far to trust the model: how it compares with recordings of real kernels, and what it leaves out. */
export default function Trust() {
  useEffect(() => {
    document.title = 'How far to trust this - Lockstep'
  }, [])
  const named = Object.keys(levels).filter((level) => agreement.some((file) => file.levels.some((entry) => entry.level === level)))
  return (
    <div className="page page-prose">
      <PageTop />
      <main>
        <h1>How far to trust this</h1>
        <p className="lead">
          Real btrfs was given random sequences of commands, and after each one everything was written down that could be seen: results,
          sizes, content, holes, FIEMAP and the extent items in memory, and after a power failure the log tree and the replayed file. The
          model runs the same sequences with the procedures that the scenarios run, one task at a time. This is how many sequences agree in
          every step.
        </p>
        <div className="trust-scroll">
          <table className="trust">
            <thead>
              <tr>
                <th scope="col">compared</th>
                {agreement.map((file) => (
                  <th key={file.file} scope="col">
                    {file.file}
                    <br />
                    <span className="quiet">Linux {file.kernel}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {named.map((level) => (
                <tr key={level}>
                  <th scope="row">
                    <code>{level}</code> <span className="quiet">{levels[level]}</span>
                  </th>
                  {agreement.map((file) => {
                    const found = file.levels.find((entry) => entry.level === level)
                    return <td key={file.file}>{found ? `${found.agree} of ${found.of}` : <span className="quiet">not recorded</span>}</td>
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <Bugs />
        <Suspense fallback={<p className="page-waits">Loading the programs of two tasks.</p>}>
          <Litmus />
        </Suspense>
        <Predicted />
        <h2>The recordings</h2>
        <ul>
          {agreement.map((file) => (
            <li key={file.file}>
              <code>{file.file}</code>: {file.says}.
            </li>
          ))}
        </ul>
        <h2>Where the model differs, and why</h2>
        <ul>
          {agreement.flatMap((file) =>
            file.differs.map(({ id, levels: at, why }) => (
              <li key={`${file.file} ${id}`}>
                <code>
                  {file.file} {id}
                </code>{' '}
                ({at.join(', ')}): {why}.
              </li>
            )),
          )}
        </ul>
        <h2>What it refuses by name</h2>
        <ul>
          {agreement.flatMap((file) =>
            file.refused.map(({ what, sequences }) => (
              <li key={`${file.file} ${what}`}>
                {what}: {sequences} sequences of <code>{file.file}</code> are not run, because that is not modelled.
              </li>
            )),
          )}
        </ul>
        <h2>What this does not show</h2>
        <p>
          The random sequences are of one task at a time. Interleavings are held to the step tables that were read off the source, each step
          naming its function and release, and to the outcomes that the programs of two tasks had on real kernels. Space reservation never
          fails here, writers of a lock do not queue in order, and upper levels of trees are left out; each scenario says what else its
          staging leaves out.
        </p>
      </main>
      <Footer />
    </div>
  )
}
