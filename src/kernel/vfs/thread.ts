/**
 * A thread that makes system calls, one after the other, under one letter, perhaps once others have made theirs: each with a kiocb, an
 * iterator and a buffer of its own, which are there from its first step to the next call's. What earlier ones returned is kept in `past`.
 */
import { copy } from '../../base/plain.ts'
import { call, flow, goto, procedure, ret, step, type Procedure, type World } from '../../engine/procedure.ts'
import type { TaskDeclaration } from '../../engine/system.ts'
import type { Letter } from '../../engine/view.ts'
import { must } from '../lib/must.ts'
import { clip, type Run } from '../lib/runs.ts'
import { variables } from '../lib/variables.ts'
import type { MmWorld, UserBuffer } from '../mm/world.ts'
import { invoke } from './history.ts'
import type { IovIter, Kiocb, PastCall, Request, VfsWorld } from './world.ts'

type Staged = World & VfsWorld & MmWorld

/** A call of a thread: what it has in memory, and the procedure that it enters. */
export interface ThreadCall {
  /** As a shell would show it. */
  readonly text: string
  readonly procedure: string
  readonly args: object
  /** It reads into its buffer, and what it found there is part of its result. */
  readonly reads?: true
  readonly buffer?: UserBuffer
  readonly kiocb?: Kiocb
  readonly iter?: IovIter
  readonly request?: Request
  /** What it has in memory is there from the start. */
  readonly staged?: true
}

export interface Thread {
  readonly calls: readonly ThreadCall[]
  /** Others whose calls have to have returned before the first one. */
  readonly after?: readonly Letter[]
}

interface Running extends Thread {
  next: number
  result: number | null
}

/** What a call returned, with what it read. */
export function pastOf(s: VfsWorld & MmWorld, letter: Letter): PastCall {
  const { text, returned, reads } = must(s.calls[letter])
  const content = reads && returned !== null && returned > 0 ? clip(s.buffers[letter]?.content ?? [], 0, returned) : null
  return {
    text,
    returned,
    read: reads ? (content ?? []).map(({ from, to, stamp }): Run => ({ from, to, stamp })) : null,
    at: s.kiocbs[letter]?.ki_pos ?? 0,
  }
}

/** All calls that a thread has made so far, the one that runs included. */
export const callsOf = (s: VfsWorld & MmWorld, letter: Letter): readonly PastCall[] =>
  s.calls[letter] ? [...(s.past?.[letter] ?? []), pastOf(s, letter)] : []

/** Puts the next call into memory in the place of the one before. */
function begin(s: Staged, letter: Letter, one: ThreadCall): void {
  invoke(s, letter)
  if (one.staged) return
  // Memory that another task stores to is there before the first call.
  const preset = s.calls[letter] === undefined && s.buffers[letter] !== undefined
  const earlier = s.calls[letter]
  if (earlier && earlier.returned !== null) {
    const past = must(s.past)
    past[letter] = [...(past[letter] ?? []), pastOf(s, letter)]
  }
  s.calls[letter] = { text: one.text, returned: null, ...(one.reads ? { reads: true as const } : {}) }
  if (!preset) replace(s.buffers, letter, one.buffer)
  replace(s.kiocbs, letter, one.kiocb)
  replace(s.iters, letter, one.iter)
  replace(s.requests, letter, one.request)
}

function replace<T>(all: Record<Letter, T>, letter: Letter, one: T | undefined): void {
  if (one === undefined) delete all[letter]
  else all[letter] = copy(one)
}

export const thread: Procedure = procedure<Staged, Running>('thread', { file: 'user space', at: 'the program' }, [
  variables<Running>({ next: 0, result: null }),
  flow<Running>((f) => (f.calls.length === 0 ? ret(null) : undefined)),
  step(
    'next_call',
    (s, f, t) => `the program ${f.after ? `goes on after ${f.after.join(' and ')}:` : 'calls'} ${must(s.calls[t.letter]).text}`,
    {
      row: 'return to user space',
      code: 'the next line of the program',
      when: (s, f) => {
        const busy = f.next > 0 ? [] : (f.after ?? []).filter((letter) => must(s.calls[letter]).returned === null)
        return busy.length > 0 ? { on: `the return of ${busy.join(' and ')}`, heldBy: [] } : null
      },
    },
    (s, f, t) => {
      const one = must(f.calls[f.next++])
      begin(s, t.letter, one)
      return call(one.procedure, one.args, 'result')
    },
  ),
  // A task that ran into BUG() returns null and never comes back.
  flow<Running>((f) => (f.result !== null && f.next < f.calls.length ? goto('next_call') : ret(f.result))),
])

/** Where a staging function puts what its call needs, to be taken from there. */
export type Scratch = Pick<VfsWorld, 'calls' | 'kiocbs' | 'iters' | 'requests' | 'ops'> & Pick<MmWorld, 'buffers'>

/** The call that a staging function (`addWrite`, `addFsync`, ...) would make a task of. */
export function threadCall(letter: Letter, stage: (s: VfsWorld & MmWorld) => TaskDeclaration): ThreadCall {
  const scratch: Scratch = { calls: {}, kiocbs: {}, iters: {}, requests: {}, ops: {}, buffers: {} }
  const { procedure: name, locals } = stage(scratch as VfsWorld & MmWorld)
  const { buffers, kiocbs, iters, requests } = scratch
  return {
    text: must(scratch.calls[letter], `the text of ${letter}'s call`).text,
    procedure: name,
    args: locals,
    ...(name === 'preadv2' || name === 'async_read' ? { reads: true as const } : {}),
    ...(buffers[letter] ? { buffer: buffers[letter] } : {}),
    ...(kiocbs[letter] ? { kiocb: kiocbs[letter] } : {}),
    ...(iters[letter] ? { iter: iters[letter] } : {}),
    ...(requests[letter] ? { request: requests[letter] } : {}),
  }
}

/** A thread that makes these calls; the world has a place for what they return. */
export function addThread(s: VfsWorld, letter: Letter, calls: readonly ThreadCall[]): TaskDeclaration {
  s.past = { ...s.past, ...(calls.length > 1 ? { [letter]: [] } : {}) }
  return {
    letter,
    name: calls.map(({ text }) => text).join('; ') || 'does nothing',
    must: true,
    procedure: 'thread',
    locals: { calls } satisfies Thread,
  }
}

/** A program that makes a single call is that call: nothing of its own comes before or behind it. */
export function addOnlyCall(s: Staged, letter: Letter, one: ThreadCall): TaskDeclaration {
  begin(s, letter, one)
  return { letter, name: one.text, must: true, procedure: one.procedure, locals: one.args }
}
