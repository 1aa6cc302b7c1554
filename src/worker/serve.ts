/**
 * Answers requests: stages, runs, searches. Errors are values; whose mistake it was goes with them. What a first step does
 * not need is loaded when it is asked for.
 */
import { AuthorError, InputError } from '../base/assert.ts'
import { loadScenario } from '../scenarios/registry.ts'
import { flips, run, stage, type Staged } from '../scenarios/run.ts'
import type { FromWorker, RunChoice, ToWorker } from './protocol.ts'
import { traceView } from './trace-view.ts'

async function stageChoice(choice: Pick<RunChoice, 'scenario' | 'kernel' | 'toggles' | 'settings'>): Promise<Staged> {
  const scenario = await loadScenario(choice.scenario)
  return stage(scenario, { kernel: choice.kernel, ...flips(choice.kernel, choice.toggles), settings: choice.settings })
}

/** Answers one request by one reply, for a search after some of progress. Never throws. */
export async function handle(request: ToWorker, post: (reply: FromWorker) => void): Promise<void> {
  try {
    post(await answer(request, post))
  } catch (error) {
    const reader = error instanceof InputError ? 'input' : error instanceof AuthorError ? 'author' : 'engine'
    post({ kind: 'failed', id: request.id, reader, message: error instanceof Error ? error.message : String(error) })
  }
}

async function answer(request: ToWorker, post: (reply: FromWorker) => void): Promise<FromWorker> {
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
      return { kind: 'carry', id, ...place, trace: traceView(to, there, trace, diverged) }
    }
    case 'branch': {
      const { branch } = await import('./place.ts')
      const branched = branch(await stageChoice(request.run), request.run, request.step, request.task)
      if (!branched) throw new InputError(`${request.task} cannot run at step ${request.step}; choose a task that is not blocked`)
      return { kind: 'branch', id, ...branched }
    }
    case 'ping':
      return { kind: 'ping', id }
    case 'notes': {
      const { notesView } = await import('./notes-view.ts')
      return { kind: 'notes', id, view: await notesView(await loadScenario(request.scenario)) }
    }
    case 'releases': {
      const { releaseViews } = await import('../scenarios/release-line.ts')
      const scenario = await loadScenario(request.scenario)
      const found = []
      for (const release of releaseViews(scenario, request.settings)) {
        found.push(release)
        post({ kind: 'release', id, release })
      }
      return { kind: 'releases', id, releases: found }
    }
    case 'why': {
      const { whyView } = await import('./why-view.ts')
      const tell = (progress: { readonly states: number; readonly frontier: number }): void => post({ kind: 'progress', id, ...progress })
      return { kind: 'why', id, why: whyView(await stageChoice(request.run), request.run, request.maxStates, tell) }
    }
    case 'map': {
      const { mapView } = await import('./why-view.ts')
      return { kind: 'map', id, map: mapView(await stageChoice(request.run), request) }
    }
    case 'through': {
      const { throughView } = await import('./why-view.ts')
      return { kind: 'through', id, through: throughView(await stageChoice(request.run), request) }
    }
    case 'ask': {
      const { askView } = await import('./why-view.ts')
      return { kind: 'ask', id, answer: askView(await stageChoice(request.run), request) }
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
      const { searching } = await import('../engine/search.ts')
      const { exploreDocument } = await import('../scenarios/documents.ts')
      const staged = await stageChoice(request.run)
      const began = performance.now()
      const steps = searching(staged.system, { maxStates: request.maxStates })
      for (;;) {
        const next = steps.next()
        if (next.done)
          return {
            kind: 'explore',
            id,
            document: exploreDocument(staged, next.value.verdict, Math.round(performance.now() - began) / 1000),
          }
        post({ kind: 'progress', id, ...next.value })
      }
    }
  }
}
