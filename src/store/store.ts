/**
 * The page's memory and everything a reader can do to it. No React and no browser: the address and the worker are given,
 * so that tests drive it with small fakes.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { canonical } from '../base/plain.ts'
import type { Card } from '../scenarios/card.ts'
import { flip } from '../scenarios/switches.ts'
import type { Answer, Client } from '../worker/client.ts'
import { KEPT_STATES } from '../worker/limits.ts'
import type { CompareView, TraceView, Wanted } from '../worker/protocol.ts'
import { isOwn } from '../scene/own.ts'
import { createAsking, type Known } from './search/asking.ts'
import { encode } from './link/encode.ts'
import type { LinkProblem, Parsed } from './link/link.ts'
import type { OwnActions } from './own/own.ts'
import type { ParsedOwn } from './own/typed.ts'
import { createAnswers } from './run/answers.ts'
import type { FirstRun } from './run/first-runs.ts'
import { rightOf } from './place/beside.ts'
import { cutChoices, home, releasesKey, runOf, searchKey, type Place, type Side } from './place/place.ts'
import { clamp, move, rowOf, walkOf, type Level } from './place/moves.ts'
import { initial, speeds, type Future, type State, type Theme } from './state.ts'

/** The address bar: `push` makes an entry to come back to, `replace` changes the one that is there. */
export interface Address {
  push(scenario: string, segments: string): void
  replace(scenario: string, segments: string): void
}

export interface Needs {
  readonly client: Client
  /** Of the catalogue, or of the page's scenario; those of scenes join them. */
  readonly cards: Card[]
  readonly address: Address
  /** Reads a fragment; what a page opens with alone needs no reading, so the grammar may come later. */
  readonly parse: (fragment: string, scenario: string | null, cards: Card[]) => Parsed | Promise<Parsed | ParsedOwn>
  /** A run whose answers are known without asking. */
  readonly known?: FirstRun | null
  /** Verdicts that are known without asking. */
  readonly workedOut?: Known | null
}

type How = 'push' | 'replace'
const NO_FIX = 'No patch that is off is looked at in this run: choose one, or another kernel, behind "Kernel".'

export type Actions = ReturnType<typeof createActions>

export interface Lockstep {
  readonly store: StoreApi<State>
  readonly actions: Actions
}

export function createLockstep(needs: Needs): Lockstep {
  const store = createStore<State>()(() => initial)
  return { store, actions: createActions(store, needs) }
}

function createActions(store: StoreApi<State>, { client, cards, address, parse, known = null, workedOut = null }: Needs) {
  const get = store.getState
  const set = store.setState
  const cardOf = (place: Place): Card | undefined => cards.find((card) => card.id === place.scenario)
  const answers = createAnswers(client)
  if (known) {
    answers.putTrace(known.run, known.trace)
    set({ asking: { ...get().asking, verdicts: { [searchKey(known.run)]: known.verdict } } })
  }
  /** Counts the reader's choices, so that a late answer to an earlier one is dropped. */
  let choice = 0
  let own: Promise<OwnActions> | null = null
  const asking = createAsking(store, client, go, workedOut)
  client.onWord((model) => set({ model }))

  /** To another step of what is shown: nothing has to be asked for, and nothing else changes. */
  function walk(place: Place, how: How): void {
    const { busy, trace } = get()
    if (busy) return go(place, how)
    set({ place, says: null })
    address[how](place.scenario, encode(place, cards))
    if (place.power && place.view !== 'compare' && trace?.canFail) void pull(place)
  }

  function go(place: Place, how: How, more: Partial<State> = {}, from: number | null = null): void {
    set({ place, problem: null, says: null, ...more })
    address[how](place.scenario, encode(place, cards))
    void load(place, false, from)
  }

  /** Gets the answers that `place` needs; refuses a link whose step or choices the model cannot follow. */
  async function load(place: Place, fromLink: boolean, from: number | null = null): Promise<void> {
    const asked = answers.trace(runOf(place))
    if (asked instanceof Promise) set({ busy: true })
    void asking.lookUp(place)
    const answer = asked instanceof Promise ? await asked : asked
    if (get().place !== place) return
    if (!answer.ok) {
      if (fromLink && answer.failure.reader === 'input') return refuse(place, answer.failure.message)
      // The pictures of another run would stand below the sentence.
      return set({ busy: false, playing: false, trace: null, compare: null, failure: answer.failure })
    }
    const trace = answer.value
    if (fromLink && 'choices' in place.schedule && trace.diverged) return refuseChoices(place, trace)
    if (place.view === 'compare') return loadCompare(place, trace, fromLink, from)
    set({ trace, compare: null, busy: false, failure: null })
    fit(place, trace.steps.length, fromLink)
    if (place.power && trace.canFail && place.step <= trace.steps.length) void pull(place)
  }

  /** Asks what a power failure at this step leaves. */
  async function pull(place: Place): Promise<void> {
    const answer = await answers.plug(place)
    if (get().place !== place) return
    if (!answer.ok) set({ says: answer.failure.message })
    else if (answer.value) set({ plug: { at: place, view: answer.value } })
  }

  /** `from`: the step of the left run at which the comparison is entered; null at the row that the place names. */
  async function loadCompare(place: Place, trace: TraceView, fromLink: boolean, from: number | null): Promise<void> {
    const right = rightOf(place, trace, cardOf(place))
    const asked = answers.compare(place, right)
    set({ trace, failure: null, busy: asked instanceof Promise })
    const answer = asked instanceof Promise ? await asked : asked
    if (get().place !== place) return
    if (!answer.ok) {
      if (fromLink && answer.failure.reader === 'input')
        return refuse(place, answer.failure.message, { ...place, right: null, other: null })
      return set({ busy: false, playing: false, trace: null, compare: null, failure: answer.failure })
    }
    set({ compare: answer.value, busy: false })
    if (from !== null) return arrive(place, rowOf(answer.value, 'left', from))
    fit(place, answer.value.rows.length - 1, fromLink)
  }

  /** The row that shows the step from which the comparison was entered. */
  function arrive(place: Place, row: number): void {
    if (row !== place.step) go({ ...place, step: row }, 'replace')
  }

  /** A step beyond the end: a link is refused in words, anything else is brought back to the end. */
  function fit(place: Place, last: number, fromLink: boolean): void {
    if (place.step <= last) return
    const nearest = { ...place, step: Math.max(0, last) }
    if (fromLink) refuse(place, `The link asks for step ${place.step}, but this run ends after step ${last}.`, nearest)
    else go(nearest, 'replace')
  }

  function refuse(place: Place, says: string, nearest?: Place): void {
    const card = cardOf(place)
    const start = card ? home(card) : null
    const plain =
      place.toggles.length > 0 || Object.keys(place.settings).length > 0
        ? { ...place, toggles: [], settings: {}, right: null, other: null }
        : start
    const problem: LinkProblem = { says, also: [], understood: understood(place), nearest: nearest ?? plain }
    set({ place: null, problem, busy: false, playing: false })
  }

  function refuseChoices(place: Place, trace: TraceView): void {
    const at = trace.diverged?.n ?? 1
    const given = 'choices' in place.schedule ? place.schedule.choices : ''
    const good = Math.max(0, at - 1)
    const nearest: Place = { ...place, schedule: { choices: cutChoices(given, good) }, step: Math.min(place.step, good) }
    refuse(place, `This schedule cannot run ${trace.diverged?.says ?? `at choice ${at}`}.`, nearest)
  }

  /** Another kernel, patch set or settings under the same reader: the model says where the same labelled step is. */
  async function carry(to: Partial<Pick<Place, 'kernel' | 'toggles' | 'settings'>>): Promise<void> {
    const { place, compare } = get()
    if (!place) return
    const mine = ++choice
    const comparing = place.view === 'compare'
    const from = comparing ? leftStep(place, compare) : place.step
    const target = { kernel: place.kernel, toggles: place.toggles, settings: place.settings, ...to }
    set({ busy: true, playing: false })
    const answer = await client.carry(runOf(place), from, target, comparing)
    if (mine !== choice || get().place !== place) return
    if (!answer.ok) return set({ busy: false, says: answer.failure.message })
    const { schedule, step, says, trace, beside } = answer.value
    // An explicit right side was chosen against the old left one.
    const there: Place = {
      ...place,
      ...target,
      schedule,
      step: beside ? rowOf(beside.compare, 'left', step) : step,
      right: null,
      other: null,
    }
    answers.putTrace(runOf(there), trace)
    if (beside) answers.putCompare(there, beside.right, beside.compare)
    go(there, 'push', { says, futures: [] })
  }

  function leftStep(place: Place, compare: CompareView | null): number {
    return compare?.rows[Math.min(place.step, compare.rows.length - 1)]?.left ?? place.step
  }

  /** Forgets what belongs to another scenario or another kernel than the place we are about to show. */
  function settle(to: Place): void {
    const { place, trace } = get()
    const from = place?.scenario ?? trace?.scenario ?? ''
    const sameScenario = from === to.scenario
    // While a scene is typed, what is drawn stays until there is something newer.
    const stays = sameScenario || (isOwn(from) && isOwn(to.scenario))
    const sameRun = sameScenario && place !== null && searchKey(place) === searchKey(to)
    if (!sameScenario) leave()
    set({
      failure: null,
      says: null,
      playing: false,
      ...(stays ? {} : { trace: null, compare: null }),
      ...(sameRun ? {} : { futures: [] }),
      ...(sameScenario ? {} : { asking: { ...get().asking, pair: null, marked: null, question: null } }),
    })
  }

  /** Nobody waits any more for what is asked of all schedules of this scenario. */
  function leave(): void {
    client.leave()
    client.cancelReleases()
  }

  function togglePatch(id: string): void {
    const { place, trace } = get()
    const card = place && cardOf(place)
    const patch = trace?.patches.find((one) => one.id === id)
    if (!place || !card || !trace || !patch) return
    if (patch.refusal !== null) return set({ says: patch.refusal })
    void carry({ toggles: flip(trace.patches, place.toggles, card, id) })
  }

  function visit(place: Place, how: How = 'push'): void {
    choice++
    settle(place)
    go(place, how)
  }

  function seek(to: number, how: How): void {
    const { place, trace, compare } = get()
    const there = place && walkOf(place, trace, compare)
    if (!place || !there) return
    const step = clamp(to, there)
    if (step !== place.step) walk({ ...place, step }, how)
  }

  function walkBy(by: 1 | -1, level: Level, how: How): void {
    const { place, trace, compare } = get()
    const walk = place && walkOf(place, trace, compare)
    if (place && walk) seek(move(walk, place.step, by, level), how)
  }

  return {
    ...asking,
    /** What the model said, for who asks before anybody waits, and for who knows before it is asked. */
    answers,
    /** The address changed under us, or the page was opened: what does it ask for? */
    open(fragment: string, scenario: string | null): void {
      choice++
      // What a query asks of the home page is the home page's own; a scene that is still to be typed is none.
      if (scenario === null && /^#?\/?(own\/?|\?.*)?$/.test(fragment)) {
        leave()
        return set({ place: null, problem: null, playing: false, says: null })
      }
      const mine = choice
      const show = (parsed: Parsed | ParsedOwn): void => {
        if (mine !== choice) return
        if ('problem' in parsed) return set({ place: null, problem: parsed.problem, playing: false })
        // What was typed has comments, which no link has.
        if ('own' in parsed && (parsed.own.id === null || parsed.own.id !== get().own?.id)) set({ own: parsed.own })
        if (parsed.place === null) return set({ place: null, trace: null, problem: null, playing: false })
        settle(parsed.place)
        set({ place: parsed.place, problem: null })
        void load(parsed.place, true)
      }
      const parsed = parse(fragment, scenario, cards)
      if (parsed instanceof Promise) void parsed.then(show)
      else show(parsed)
    },

    /** Goes where a button says: the nearest thing to a bad link, a schedule of the catalogue. */
    visit,
    /** What one does with the text of a scene. It comes late. */
    own: (): Promise<OwnActions> => (own ??= import('./own/own.ts').then(({ createOwn }) => createOwn(store, client, cards, visit))),

    /** One move at the reader's level. `held`: the key repeats, so no entry in the history for each. */
    next: (held = false): void => walkBy(1, get().level, held ? 'replace' : 'push'),
    previous: (held = false): void => walkBy(-1, get().level, held ? 'replace' : 'push'),
    nextBeat: (held = false): void => walkBy(1, 'beats', held ? 'replace' : 'push'),
    previousBeat: (held = false): void => walkBy(-1, 'beats', held ? 'replace' : 'push'),
    first: (): void => seek(0, 'push'),
    last: (): void => seek(Infinity, 'push'),
    seek: (step: number): void => seek(step, 'push'),
    scrub: (step: number): void => {
      set({ playing: false })
      seek(step, 'replace')
    },

    /** One beat of the clock while playing. A comparison stops where it diverges. */
    tick(): void {
      const { place, trace, compare, playing, loop, level } = get()
      const walk = place && walkOf(place, trace, compare)
      if (!playing || !place || !walk) return
      if (place.step >= walk.last) return loop ? seek(0, 'replace') : set({ playing: false })
      walkBy(1, level, 'replace')
      if (get().place?.step === walk.diverges || (!loop && get().place?.step === walk.last)) set({ playing: false })
    },
    play(): void {
      const { place, trace, compare, playing } = get()
      const walk = place && walkOf(place, trace, compare)
      if (!place || !walk) return
      if (!playing && place.step >= walk.last) seek(0, 'replace')
      set({ playing: !playing })
    },
    pause: (): void => set({ playing: false }),

    togglePatch,
    toggleFix(): void {
      const { place } = get()
      const card = place && cardOf(place)
      if (card?.fix === '') set({ says: NO_FIX })
      else if (card) togglePatch(card.fix)
    },
    setKernel(kernel: string): void {
      if (get().place?.kernel !== kernel) void carry({ kernel, toggles: [] })
    },
    setSetting(name: string, value: string): void {
      const { place } = get()
      const setting = place && cardOf(place)?.settings.find((one) => one.name === name)
      if (!place || !setting?.values.includes(value)) return
      const { [name]: _, ...others } = place.settings
      void carry({ settings: value === setting.default ? others : { ...others, [name]: value } })
    },
    setSchedule(schedule: Place['schedule']): void {
      const { place } = get()
      if (place)
        go({ ...place, schedule, step: 0, view: place.view === 'compare' ? 'trace' : place.view, right: null, other: null }, 'push', {
          playing: false,
          futures: [],
        })
    },

    /** Lets another task run at this step; the line that is left can be gone back to. */
    async branch(task: string): Promise<void> {
      const { place, trace, futures } = get()
      if (!place || !trace || place.view === 'compare') return
      const mine = ++choice
      set({ playing: false })
      const answer = await client.branch(runOf(place), place.step, task)
      if (mine !== choice || get().place !== place) return
      if (!answer.ok) return set({ says: answer.failure.message })
      const left = lineLeft(place, trace, place.step)
      const others = futures.filter((future) => canonical(future.schedule) !== canonical(place.schedule))
      go({ ...place, schedule: { choices: answer.value.choices }, step: answer.value.step }, 'push', {
        futures: [left, ...others].slice(0, 9),
      })
    },
    /** Goes back to a line that was left, which itself stays on the list. */
    recall(index: number): void {
      const { place, trace, futures } = get()
      const future = futures[index]
      if (!place || !trace || !future || place.view === 'compare') return
      const left = lineLeft(place, trace, future.step)
      go({ ...place, schedule: future.schedule, step: future.step }, 'push', {
        playing: false,
        futures: [left, ...futures.filter((_, i) => i !== index)],
      })
    },

    /** Gets what there is to read beside the pictures. A reader who looks gets it; a failure leaves the page without. */
    async read(): Promise<void> {
      const scenario = get().place?.scenario
      if (scenario === undefined || get().notes[scenario]) return
      const answer = await client.notes(scenario)
      if (answer.ok) set({ notes: { ...get().notes, [scenario]: answer.value } })
      else set({ says: answer.failure.message })
    },
    /** Gets the code of the run that is shown, if that came without it. */
    async readCode(): Promise<void> {
      const { place, trace, code } = get()
      if (!place || !trace || trace.code || code?.of === trace) return
      const answer = await client.trace(runOf(place))
      if (!answer.ok) set({ says: answer.failure.message })
      else if (get().trace === trace) set({ code: { of: trace, views: answer.value.code ?? [] } })
    },
    /** What the model makes of a paste. It is of nothing that the store has, so it is handed over and not kept. */
    pasted: client.pasted,
    /** Works out a verdict for every release, one after the other. */
    async survey(): Promise<void> {
      const { place, releases } = get()
      if (!place) return
      const key = releasesKey(place)
      if (releases[key]) return
      client.cancelReleases()
      set({ releases: { ...get().releases, [key]: [] } })
      const answer = await client.releases(place.scenario, place.settings, (release) => {
        // A worker that stands in for another one begins anew.
        const others = get().releases[key]?.filter(({ version }) => version !== release.version) ?? []
        set({ releases: { ...get().releases, [key]: [...others, release] } })
      })
      if (answer.ok) return
      const { [key]: _, ...others } = get().releases
      set({ releases: others, ...(answer.failure.reader === 'cancelled' ? {} : { says: answer.failure.message }) })
    },

    /** Into the comparison and out of it, at the same step of this kernel. */
    compare(): void {
      const { place, compare } = get()
      if (!place) return
      if (place.view === 'compare') return go({ ...place, view: 'trace', right: null, other: null, step: leftStep(place, compare) }, 'push')
      set({ playing: false })
      go({ ...place, view: 'compare' }, 'push', {}, place.step)
    },
    /** To the map and back, at the same step. */
    map(): void {
      const { place, compare } = get()
      if (!place) return
      const step = place.view === 'compare' ? leftStep(place, compare) : place.step
      go({ ...place, view: place.view === 'map' ? 'trace' : 'map', right: null, step }, 'push', { playing: false })
    },
    /** Chooses the right side; null is this kernel with the fix flipped. */
    compareWith(right: Side | null): void {
      const { place, compare } = get()
      if (!place) return
      const step = leftStep(place, compare)
      go({ ...place, view: 'compare', right, other: null, step }, 'push', { playing: false }, step)
    },
    /** Lays a line that was left beside this one, on the same kernel. */
    compareLine(index: number): void {
      const { place, futures } = get()
      const future = futures[index]
      if (!place || !future || place.view === 'compare') return
      go({ ...place, view: 'compare', right: null, other: future.schedule }, 'push', { playing: false }, place.step)
    },
    /** Pulls the plug at this step, and at every step walked to, until it is put back. */
    pullPlug(): void {
      const { place, trace } = get()
      if (!place || !trace || place.view === 'compare') return
      if (!place.power && !trace.canFail) return set({ says: 'The model does not know what a power failure leaves on this file system.' })
      go({ ...place, power: !place.power }, 'push', { playing: false })
    },
    setTalk(talk: boolean): void {
      const { place } = get()
      if (place && place.talk !== talk) go({ ...place, talk }, 'push')
    },
    /** Starts the model again while it says nothing; what it was asked is asked again. */
    restart: (): void => client.restart(),
    /** Tries again after the model failed. */
    retry(): void {
      const { place } = get()
      set({ failure: null })
      if (place) void load(place, false)
    },

    setLevel: (level: Level): void => set({ level }),
    setSpeed: (speed: number): void => set({ speed: speeds.includes(speed) ? speed : 1 }),
    setLoop: (loop: boolean): void => set({ loop }),
    setTheme: (theme: Theme): void => set({ theme }),
    dismiss: (): void => set({ says: null }),
    dismissModel: (): void => set({ model: 'heard' }),
    /** The run on the screen, or both of a comparison, as text for a mail. */
    async text(wanted: Wanted): Promise<Answer<string>> {
      const { place, trace } = get()
      if (!place || !trace) return { ok: false, failure: { reader: 'input', message: 'There is no run to put into words.' } }
      return client.text(runOf(place), place.view === 'compare' ? rightOf(place, trace, cardOf(place)) : null, wanted, KEPT_STATES)
    },
    /** The segments of the moment on the screen. */
    segments: (): string => {
      const { place } = get()
      return place ? encode(place, cards) : ''
    },
  }
}

/** The line that is on the screen, as one that is left at a step. */
function lineLeft({ schedule }: Place, { steps }: TraceView, step: number): Future {
  const next = steps[step]
  return {
    schedule,
    step,
    says: next ? `${next.task} runs ${next.procedure}() ${next.label}` : 'ends here',
    tasks: steps.slice(step).map(({ task }) => task),
  }
}

const understood = (place: Place): string[] => [
  isOwn(place.scenario) ? 'a scene' : `scenario ${place.scenario}`,
  `kernel ${place.kernel}`,
  ...place.toggles.map((id) => `${id} flipped`),
  `step ${place.step}`,
]
