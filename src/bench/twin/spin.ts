/** Runs a Promela model with Debian's `spin` and `gcc`, and times each part. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parsePan, type PanReport } from './pan.ts'

/** What spin and gcc are told. */
export interface Build {
  readonly spin: readonly string[]
  readonly gcc: readonly string[]
}

/** Spin as quick as it can be: partial-order reduction, merged statements, dead variables forgotten. */
export const reduced: Build = { spin: [], gcc: ['-DSAFETY'] }
/** One stored state for each of ours: no reduction (NOREDUCE), no dead variables (o1) and no merged statements (o3). */
export const stateByState: Build = { spin: ['-o1', '-o3'], gcc: ['-DSAFETY', '-DNOREDUCE'] }

/** Milliseconds on the clock, and of the processor: on a machine that is shared the latter says more. */
export interface Times {
  readonly wallMs: number
  readonly cpuMs: number
}

/** The verifier of one model. */
export interface Pan {
  /** From starting spin to having an executable. */
  readonly compiled: Times
  /** Runs it: to the first violation, or past every one. */
  run(until: 'first' | 'all'): PanRun
  /** Deletes its folder. */
  remove(): void
}

export interface PanRun extends PanReport {
  readonly took: Times
}

/** The version of spin, or null when spin or gcc is not installed. */
export function spinVersion(): string | null {
  const { status, stdout } = spawnSync('sh', ['-c', 'gcc --version > /dev/null && spin -V'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}

/** Compiles the model with `n` tasks and the variant `fix`. @throws Error with what spin or gcc said. */
export function compile(model: string, n: number, fix: number, build: Build): Pan {
  const cwd = mkdtempSync(join(tmpdir(), 'lockstep-pan-'))
  const remove = (): void => rmSync(cwd, { recursive: true, force: true })
  const spin = `spin ${build.spin.join(' ')} -DN=${n} -DFIX=${fix} -a "$1"`
  try {
    const { took } = timed(`${spin} && gcc -O2 ${build.gcc.join(' ')} -o pan pan.c`, cwd, [model])
    return { compiled: took, run: (until) => runPan(cwd, until), remove }
  } catch (error) {
    remove()
    throw error
  }
}

function runPan(cwd: string, until: 'first' | 'all'): PanRun {
  // The default depth is enough for a model of a few tasks; pan says so if it is not.
  const { text, took } = timed(`./pan ${until === 'all' ? '-c0' : '-c1'}`, cwd, [])
  return { ...parsePan(text), took }
}

/** Runs a line in a shell, which knows the processor time of its children. @throws Error with what it said if it failed. */
function timed(line: string, cwd: string, args: readonly string[]): { readonly text: string; readonly took: Times } {
  const began = performance.now()
  const { status, stdout, stderr, error } = spawnSync('sh', ['-c', `${line} || exit; times`, 'sh', ...args], { cwd, encoding: 'utf8' })
  const wallMs = performance.now() - began
  if (status !== 0) throw new Error(`${line} failed: ${error?.message ?? `${stdout}${stderr}`}`)
  return { text: stdout, took: { wallMs, cpuMs: childrenMs(stdout) } }
}

/** User and system time of the second line that `times` prints: `0m1.230000s 0m0.040000s`. */
function childrenMs(text: string): number {
  const times = [...text.matchAll(/(\d+)m([\d.]+)s/g)].slice(-2)
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0)
}
