/** Pulling the plug at a step: what is left, what may be left and who would notice, as pictures on one axis and as sentences. */
import { canonical } from '../base/plain.ts'
import { range, size, type Range } from '../base/range.ts'
import type { Held, Plugged, Version } from '../engine/plugged.ts'
import type { World } from '../engine/procedure.ts'
import type { Trace } from '../engine/trace.ts'
import { withMarks } from '../picture/mark.ts'
import type { ExtentStrip, Lane, Marker, Span } from '../picture/picture.ts'
import { run, type Staged } from '../scenarios/run.ts'
import type { PlugView, RunChoice } from './protocol.ts'
import { picturesOf } from './trace-view.ts'

/** More legal versions than this are counted, not drawn. */
const DRAWN = 5

/** The run that was asked about last: whoever pulls the plug walks on with it pulled. */
let last: { readonly key: string; readonly trace: Trace; readonly worlds: readonly World[] } | null = null

function lastRun(staged: Staged, choice: RunChoice): NonNullable<typeof last> {
  const key = canonical(choice)
  if (last?.key === key) return last
  const { trace } = run(staged, choice.schedule)
  last = { key, trace, worlds: trace.states.map((state) => trace.machine.world(state)) }
  return last
}

/** Null where the model does not know what a power failure leaves. */
export function plugView(staged: Staged, choice: RunChoice, step: number): PlugView | null {
  const { plug } = staged.system
  if (!plug) return null
  const { trace, worlds } = lastRun(staged, choice)
  const at = Math.min(step, trace.length)
  const plugged = plug(
    worlds.slice(0, at + 1),
    trace.infos.slice(0, at).map(({ task }) => task),
  )
  const names = plugged.legal.map((version) => nameOf(version, trace))
  const drawn = drawnOf(plugged)
  const axis = axisOf(staged, trace, at, plugged)
  const owners = ownersIn(staged, trace, at)
  const noticed = plugged.left.watchers.filter(({ notices }) => notices)
  return {
    step: at,
    verdict: plugged.match !== null ? 'legal' : plugged.wrong.length > 0 ? 'broken' : 'mixed',
    says: verdictOf(plugged, names, at),
    promises: promisesIn(plugged, trace),
    left: leftStrip(plugged, axis, owners),
    legal: {
      kind: 'extent-strip',
      id: 'plug:legal',
      title: 'what may be left',
      axis,
      lanes: drawn.map((i) => lane(`legal${i}`, shortName(plugged.legal[i]), heldSpans(plugged.legal[i]?.content ?? [], owners))),
      markers: [],
    },
    versions: drawn.map((i) => ({
      says: names[i] ?? '',
      match: i === plugged.match,
      nearest: plugged.match === null && i === plugged.nearest,
    })),
    more: plugged.legal.length - drawn.length,
    watchers: plugged.left.watchers,
    noticed:
      noticed.length > 0
        ? `Noticed by ${listed(noticed.map(({ who }) => who))}.`
        : plugged.wrong.length > 0
          ? 'Nobody would notice but a program that knows what should be there.'
          : 'Nobody would complain.',
  }
}

/** The version that is left, or the one most like it, and the latest others; oldest first. */
function drawnOf({ legal, match, nearest }: Plugged): number[] {
  const first = match ?? nearest
  const latest = legal.map((_, i) => i).reverse()
  return [...(first === null ? [] : [first]), ...latest.filter((i) => i !== first)].slice(0, DRAWN).sort((a, b) => a - b)
}

function shortName(version: Version | undefined): string {
  if (!version?.states) return 'as of the last commit'
  return version.states[0] === 0 ? 'as of the start' : `as of step ${version.states[0]}`
}

/** `as of step 12, after B's retry_store in store()`, and how long it was so. */
function nameOf({ states }: Version, trace: Trace): string {
  if (!states) return 'as of the last commit, before this run'
  const [first, last] = states
  const until = last > first ? ` (until step ${last})` : ''
  const info = trace.infos[first - 1]
  return info
    ? `as of step ${first}${until}, after ${info.task}'s ${info.label} in ${info.procedure}()`
    : `as of the start of this run${until}`
}

function verdictOf(
  { left, legal, match, promises, eachByte, wrong, failed, nearest }: Plugged,
  names: readonly string[],
  at: number,
): string {
  const now = at === 0 ? 'before the first step' : `after step ${at}`
  const when = failed === null ? `A power failure ${now} leaves the file` : `The power failed at step ${failed}; it leaves the file`
  const promised = promises.length > 0
  if (match !== null) return `${when} ${names[match] ?? ''}. ${promised ? 'That keeps what was promised.' : 'Nothing was promised yet.'}`
  const versions = legal.length === 1 ? 'not as the one version' : `as none of the ${legal.length} versions`
  const like = nearest === null ? '' : ` It is most like the file ${names[nearest] ?? ''}.`
  const [first] = wrong
  if (first) return `${when} ${versions} that it may be: ${foundIn(left.content, left.size, first)}.${like}`
  const allowed = promised ? 'What was promised is kept, so that is allowed.' : 'No call has promised anything yet, so that is allowed.'
  const bytes = eachByte ? ', though each byte has a value that it had' : ''
  return `${when} ${versions} that it had${bytes}. ${allowed}${like}`
}

/** `[640K, 644K) holds Y`, of the part of a range that is all alike. */
function foundIn(content: readonly Held[], end: number, { from, to }: Range): string {
  if (from >= end) return `it is ${size(end)} long, and ${range(from, to)} is missing`
  const piece = content.find(([start, stop]) => start <= from && from < stop)
  const value = piece?.[2] ?? '0'
  const until = Math.min(to, piece?.[1] ?? to)
  const words = { '0': 'holds zeros', '?': 'holds what was on the disk before', EIO: 'cannot be read' }[value]
  return `${range(from, until)} ${words ?? `holds ${value}`}`
}

const promisesIn = ({ promises }: Plugged, trace: Trace): string[] =>
  promises.map(({ task, call, since, part }) => {
    const info = trace.infos[since - 1]
    const moment = info ? `step ${since}, ${task === info.task ? 'its own' : `${info.task}'s`} ${info.label}` : 'the start'
    return part === null
      ? `${task}'s ${call} has returned 0: the file has to be as it was at some time since ${moment}.`
      : `${task}'s ${call} was told that its data are durable: ${range(part.from, part.to)} has to be as it was at some time since ${moment}.`
  })

type Owners = ReadonlyMap<string, string>

/** Whose hue a stamp has in the scenario's own pictures. */
function ownersIn({ scenario }: Staged, trace: Trace, at: number): Owners {
  const states = [trace.states[at], trace.state].filter((state) => state !== undefined)
  const spans = states
    .flatMap((state) => picturesOf(scenario, trace, state))
    .flatMap((picture) => (picture.kind === 'extent-strip' ? picture.lanes.flatMap(({ spans: own }) => own) : []))
  return new Map(spans.flatMap(({ label, task }) => (label !== null && task !== null ? [[label, task] as const] : [])))
}

/** That of the scenario's strip, made longer where a version of the file is. */
function axisOf({ scenario }: Staged, trace: Trace, at: number, { left, legal }: Plugged): ExtentStrip['axis'] {
  const state = trace.states[at] ?? trace.state
  const strip = picturesOf(scenario, trace, state).find((picture): picture is ExtentStrip => picture.kind === 'extent-strip')
  const longest = Math.max(left.size, ...legal.map((version) => version.size), strip?.axis.to ?? 4096)
  return { ...strip?.axis, from: 0, to: longest }
}

const lane = (id: string, title: string, spans: readonly Span[]): Lane => ({ id, title, spans })

function leftStrip({ left, wrong }: Plugged, axis: ExtentStrip['axis'], owners: Owners): ExtentStrip {
  const spans = left.layout.map(({ from, to, kind, source }): Span => ({
    id: `x${from}`,
    from,
    to,
    fill: kind,
    label: kind === 'hole' ? null : source,
    task: source === null ? null : (owners.get(source) ?? null),
    note: null,
  }))
  const end: Marker = { id: 'i_size', name: 'i_size', at: left.size, task: null }
  const strip: ExtentStrip = {
    kind: 'extent-strip',
    id: 'plug:left',
    title: 'after a power failure now',
    axis,
    lanes: [lane('crash', 'a crash now leaves', spans)],
    markers: [end],
  }
  const marks = [
    ...wrong.map((part) => ({ in: 'crash', part })),
    ...(wrong.some(({ to }) => to > left.size) ? [{ in: 'marker', part: 'i_size' }] : []),
  ]
  const [marked] = withMarks([strip], marks)
  return marked?.kind === 'extent-strip' ? marked : strip
}

const heldSpans = (content: readonly Held[], owners: Owners): Span[] =>
  content.map(([from, to, value]) => ({
    id: `g${from}`,
    from,
    to,
    fill: value === '0' ? 'hole' : 'data',
    label: value === '0' ? null : value,
    task: owners.get(value) ?? null,
    note: value === '0' ? 'reads as zeros' : null,
  }))

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
