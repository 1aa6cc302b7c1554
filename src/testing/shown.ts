/** Makes what the home page shows of a scenario from the run that its page opens with. */
import type { Facets } from '../app/home/facets.ts'
import type { Named } from '../app/home/named.ts'
import type { Moment, Story } from '../app/home/story.ts'
import { pictureInWords } from '../lenses/in-words.ts'
import type { Card } from '../scenarios/card.ts'
import type { Hurts } from '../scenarios/hurts.ts'
import type { Lane, Marker, Picture } from '../picture/picture.ts'
import { encode } from '../store/link/encode.ts'
import { home } from '../store/place/place.ts'
import { picturesAt } from '../store/run/frames.ts'
import type { TraceView } from '../worker/protocol.ts'
import { damagedParts } from './damage.ts'

const LANES = 2
const ROWS = 4

/** What a run is about, from the code that it enters and the calls that it makes. */
const topics: readonly (readonly [topic: string, is: (run: TraceView) => boolean])[] = [
  ['O_DIRECT', (run) => enters(run, /^fs\/iomap\/direct-io\.c:/)],
  ['O_APPEND', (run) => run.tasks.some(({ name }) => name.includes('O_APPEND'))],
  ['buffered write', (run) => enters(run, /:\w*buffered_write$/)],
  ['fsync', (run) => enters(run, /^fs\/\w+\/\w+\.c:\w+_sync_file$/)],
  ['log tree', (run) => enters(run, /:btrfs_log_inode$/)],
  ['mmap', (run) => enters(run, /^mm\/(memory\.c:store|filemap\.c:filemap_fault)$/)],
  ['io_uring', (run) => enters(run, /^fs\/io_uring\.c:/)],
  ['aio', (run) => enters(run, /^fs\/aio\.c:/)],
  ['checksums', (run) => run.oracles.some(({ id }) => id === 'B-O1')],
  ['power failure', (run) => enters(run, /:power_failure$/)],
  ['page migration', (run) => enters(run, /:migrate_pages$/)],
]

const enters = (run: TraceView, code: RegExp): boolean =>
  run.steps.some(({ source, procedure }) => code.test(`${source.file}:${procedure}`))

/** The verdict oracles that object in a run, each for the first time, in the order of their steps. */
export function broken({
  oracles,
  violations,
}: TraceView): readonly { readonly id: string; readonly step: number; readonly says: string }[] {
  const verdicts = oracles.filter(({ kind }) => kind === 'verdict').map(({ id }) => id)
  const firsts = verdicts.flatMap((id) => {
    const first = violations.find(({ oracle }) => oracle === id)
    return first ? [{ id, step: first.step, says: first.says }] : []
  })
  return firsts.sort((a, b) => a.step - b.step)
}

/** @throws Error where the run of a bug violates nothing, or no lead picture shows it. */
export function facetsOf(card: Card, run: TraceView, hurts: Hurts): Facets {
  const { step, lead } = telling(card, run)
  const picture = essence(lead)
  const [fs, ...more] = new Set(run.steps.flatMap(({ source }) => /^fs\/(btrfs|bcachefs|ext4)\//.exec(source.file)?.[1] ?? []))
  if (fs === undefined || more.length > 0) throw new Error(`${card.id} runs code of ${[fs, ...more].join(', ') || 'no file system'}`)
  const { id, title, summary, harm, follows } = card
  return {
    head: { id, title, summary, harm, ...(follows === undefined ? {} : { follows }) },
    fs,
    topics: topics.flatMap(([topic, is]) => (is(run) ? [topic] : [])),
    hurts,
    step,
    picture,
    words: pictureInWords(picture),
  }
}

/** What a card says and a run names: the functions that take its steps, the rules that it breaks. */
export const namedOf = ({ gist, story, seen, origin, affected, commits, patches }: Card, run: TraceView): Named => ({
  words: [gist, story, seen, origin, affected, ...[...commits, ...patches].map(({ id, subject }) => `${id} ${subject}`)],
  functions: [...new Set(run.steps.map(({ procedure }) => procedure))].sort(),
  rules: broken(run).flatMap(({ id }) =>
    run.oracles.filter((oracle) => oracle.id === id).map(({ name, says }) => `${id}: ${name}: ${says}`),
  ),
})

/** The picture that tells most: of a bug where the first rule is broken, of a question the first lead picture where the run ends. */
function telling(card: Card, run: TraceView): { readonly step: number; readonly lead: Picture } {
  const [first] = broken(run)
  if (first) return { step: first.step, lead: damagedLead(card, run, first.step) }
  const step = run.steps.length
  const lead = picturesAt(run, step).find((one) => one.id === card.leads[0])
  if (card.asks === undefined || !lead) throw new Error(`${card.id} violates nothing in its documented run, and asks nothing`)
  return { step, lead }
}

/** The first of the card's lead pictures in which something is marked at this step. */
export function damagedLead({ id, leads }: Card, run: TraceView, step: number): Picture {
  const pictures = picturesAt(run, step)
  const found = leads.map((lead) => pictures.find((one) => one.id === lead)).find((one) => one && damagedParts([one]).length > 0)
  if (!found) throw new Error(`no lead picture of ${id} shows what is wrong at step ${step}`)
  return found
}

/** What is damaged, and as much of the rest as a small picture has room for, in its order. */
function essence(picture: Picture): Picture {
  switch (picture.kind) {
    case 'extent-strip':
      return {
        ...picture,
        lanes: few(
          picture.lanes,
          LANES,
          (lane) => lane.spans.some(({ damaged }) => damaged),
          ({ history }) => history ?? false,
        ).map(bare),
        markers: few(
          picture.markers,
          1,
          ({ damaged }) => damaged ?? false,
          ({ name }) => name === 'i_size',
        ),
      }
    case 'locks':
      return { ...picture, rows: few(picture.rows, ROWS, ({ damaged }) => damaged ?? false) }
    case 'record':
      return { ...picture, fields: few(picture.fields, ROWS, ({ damaged }) => damaged ?? false) }
    default:
      return picture
  }
}

/** The parts that must be there, and others until there are so many; those that `like` names come first. */
function few<T extends Lane | Marker | object>(
  parts: readonly T[],
  most: number,
  must: (part: T) => boolean,
  like = (_: T): boolean => true,
): T[] {
  const kept = new Set(parts.filter(must))
  for (const part of parts) if (kept.size < most && like(part)) kept.add(part)
  return parts.filter((part) => kept.has(part))
}

/** Notes are for tooltips, which a small picture has none of. */
const bare = (lane: Lane): Lane => ({ ...lane, spans: lane.spans.map((span) => ({ ...span, note: null })) })

/** The story of a run, told by its first lead picture, which has to be a strip. */
export function storyOf(card: Card, run: TraceView): Story {
  const steps = [...new Set([0, ...run.beats.flatMap(({ step }) => step ?? [])])].sort((a, b) => a - b)
  const { id, title, should } = card
  return { card: { id, title, should }, steps: run.steps.length, moments: steps.map((step) => momentAt(card, run, step)) }
}

function momentAt(card: Card, run: TraceView, step: number): Moment {
  const { id, leads } = card
  const picture = picturesAt(run, step).find((one) => one.id === leads[0])
  if (picture?.kind !== 'extent-strip') throw new Error(`the first lead picture of ${id} is no strip at step ${step}`)
  const taken = run.steps[step - 1]
  return {
    step,
    by: taken ? { task: taken.task, procedure: taken.procedure, label: taken.label } : null,
    says: step === 0 ? run.scene : (run.beats.find((beat) => beat.kind === 'beat' && beat.step === step)?.says ?? ''),
    broken: run.beats.find((beat) => beat.kind === 'violation' && beat.step === step)?.says ?? null,
    segments: encode({ ...home(card), step }, [card]),
    picture,
  }
}
