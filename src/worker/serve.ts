/**
 * Answers requests: stages, runs, searches. Errors are values; whose mistake it was goes with them. What a first step does
 * not need is loaded when it is asked for.
 */
import { InputError } from '../base/assert.ts'
import { flips, run, stage, type Staged } from '../scenarios/run.ts'
import { fixFlipped } from '../scenarios/switches.ts'
import { failureOf } from './failure.ts'
import type { FromWorker, RunChoice, ToWorker, TraceView } from './protocol.ts'
import { loadSubject } from './subject.ts'
import { TakenBack, type Asker } from './slices.ts'
import { traceView } from './trace-view.ts'

/** What a worker is asked to work on, and not only to hear. */
export type Request = Exclude<ToWorker, { readonly kind: 'ping' | 'cancel' }>

async function stageChoice(choice: Pick<RunChoice, 'scenario' | 'kernel' | 'toggles' | 'settings'>): Promise<Staged> {
  const scenario = await loadSubject(choice.scenario)
  return stage(scenario, { kernel: choice.kernel, ...flips(choice.kernel, choice.toggles), settings: choice.settings })
}

/** A run beside the same schedule with the fix the other way. */
async function besideFix(
  staged: Staged,
  choice: RunChoice,
  { patches }: TraceView,
): Promise<Extract<FromWorker, { kind: 'carry' }>['beside']> {
  const { compareView } = await import('./compare-view.ts')
  const right = fixFlipped({ kernel: choice.kernel, toggles: choice.toggles }, patches, staged.scenario.card)
  const rightChoice = { ...choice, ...right }
  return { right, compare: compareView(staged, choice, await stageChoice(rightChoice), rightChoice) }
}

/** Answers one request by one reply, for a search after some of progress; by none if it `isGone`. Never throws. */
export async function handle(request: Request, post: (reply: FromWorker) => void, isGone: () => boolean = () => false): Promise<void> {
  try {
    post(await answer(request, post, { tell: (progress) => post({ kind: 'progress', id: request.id, ...progress }), isGone }))
  } catch (error) {
    if (error instanceof TakenBack) return
    post({ kind: 'failed', id: request.id, ...failureOf(error) })
  }
}

async function answer(request: Request, post: (reply: FromWorker) => void, asker: Asker): Promise<FromWorker> {
  const { id } = request
  switch (request.kind) {
    case 'trace': {
      const staged = await stageChoice(request.run)
      const { trace, diverged } = run(staged, request.run.schedule)
      return { kind: 'trace', id, trace: traceView(staged, request.run, trace, diverged) }
    }
    case 'compare': {
      const { compareView } = await import('./compare-view.ts')
      const rightChoice = { ...request.left, ...request.right }
      return {
        kind: 'compare',
        id,
        compare: compareView(await stageChoice(request.left), request.left, await stageChoice(rightChoice), rightChoice),
      }
    }
    case 'plug': {
      const { plugView } = await import('./plug-view.ts')
      return { kind: 'plug', id, plug: plugView(await stageChoice(request.run), request.run, request.step) }
    }
    case 'carry': {
      const { placeOn } = await import('./place.ts')
      const from = await stageChoice(request.from)
      const choice = { scenario: request.from.scenario, ...request.to }
      const to = await stageChoice(choice)
      const place = placeOn(from, request.from, request.step, to)
      const there: RunChoice = { ...choice, schedule: place.schedule }
      const { trace, diverged } = run(to, there.schedule)
      const view = traceView(to, there, trace, diverged)
      return { kind: 'carry', id, ...place, trace: view, beside: request.compared ? await besideFix(to, there, view) : null }
    }
    case 'branch': {
      const { branch } = await import('./place.ts')
      const branched = branch(await stageChoice(request.run), request.run, request.step, request.task)
      if (!branched) throw new InputError(`${request.task} cannot run at step ${request.step}; choose a task that is not blocked`)
      return { kind: 'branch', id, ...branched }
    }
    case 'notes': {
      const { notesView } = await import('./notes-view.ts')
      return { kind: 'notes', id, view: await notesView(await loadSubject(request.scenario)) }
    }
    case 'scene': {
      const { sceneView } = await import('./scene-view.ts')
      return { kind: 'scene', id, view: sceneView(request.text) }
    }
    case 'language': {
      const { languageView } = await import('./scene-view.ts')
      return { kind: 'language', id, view: languageView() }
    }
    case 'pasted': {
      const { pastedView } = await import('./pasted-view.ts')
      return { kind: 'pasted', id, view: pastedView(request.asked) }
    }
    case 'releases': {
      const { releaseViews } = await import('../scenarios/release-line.ts')
      const scenario = await loadSubject(request.scenario)
      const found = []
      for (const release of releaseViews(scenario, request.settings)) {
        found.push(release)
        post({ kind: 'release', id, release })
      }
      return { kind: 'releases', id, releases: found }
    }
    case 'verdict': {
      const [staged, { decided }, { verdictView }] = await Promise.all([
        stageChoice(request.run),
        import('./kept.ts'),
        import('./verdict-view.ts'),
      ])
      return { kind: 'verdict', id, verdict: verdictView(staged, await decided(staged, request.run, request.maxStates, asker)) }
    }
    case 'why': {
      const { whyView } = await import('./why-view.ts')
      return { kind: 'why', id, why: await whyView(await stageChoice(request.run), request, asker) }
    }
    case 'map': {
      const { mapView } = await import('./why-view.ts')
      return { kind: 'map', id, map: await mapView(await stageChoice(request.run), request, asker) }
    }
    case 'through': {
      const { throughView } = await import('./why-view.ts')
      return { kind: 'through', id, through: await throughView(await stageChoice(request.run), request, asker) }
    }
    case 'ask': {
      const { askView } = await import('./why-view.ts')
      return { kind: 'ask', id, answer: await askView(await stageChoice(request.run), request, asker) }
    }
    case 'text': {
      const { textView } = await import('./text-view.ts')
      const right = request.right && { ...request.run, ...request.right }
      const text = await textView(
        { staged: await stageChoice(request.run), choice: request.run },
        right && { staged: await stageChoice(right), choice: right },
        request.wanted,
        request.maxStates,
      )
      return { kind: 'text', id, text }
    }
    case 'explore': {
      const [{ counted }, { exploreDocument }] = await Promise.all([import('./kept.ts'), import('../scenarios/documents.ts')])
      const staged = await stageChoice(request.run)
      const began = performance.now()
      const { verdict } = await counted(staged, request.run, request.maxStates, asker)
      return { kind: 'explore', id, document: exploreDocument(staged, verdict, Math.round(performance.now() - began) / 1000) }
    }
  }
}
