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

/** The verifier of one model. */
export interface Pan {
  /** From starting spin to having an executable. */
  readonly compileMs: number
  /** Runs it: to the first violation, or past every one. */
  run(until: 'first' | 'all'): PanRun
  /** Deletes its folder. */
  remove(): void
}

export interface PanRun extends PanReport {
  readonly wallMs: number
  readonly cpuMs: number
}

/** The version of spin, or null when spin or gcc is not installed. */
export function spinVersion(): string | null {
  const [spin, gcc] = [spawnSync('spin', ['-V'], { encoding: 'utf8' }), spawnSync('gcc', ['--version'])]
  return spin.status === 0 && gcc.status === 0 ? spin.stdout.trim() : null
}

/** Compiles the model with `n` tasks and the variant `fix`. @throws Error with what spin or gcc said. */
export function compile(model: string, n: number, fix: number, build: Build): Pan {
  const cwd = mkdtempSync(join(tmpdir(), 'lockstep-pan-'))
  const began = performance.now()
  try {
    execute('spin', [...build.spin, `-DN=${n}`, `-DFIX=${fix}`, '-a', model], cwd)
    execute('gcc', ['-O2', ...build.gcc, '-o', 'pan', 'pan.c'], cwd)
  } catch (error) {
    rmSync(cwd, { recursive: true, force: true })
    throw error
  }
  return {
    compileMs: performance.now() - began,
    run: (until) => runPan(cwd, until),
    remove: () => rmSync(cwd, { recursive: true, force: true }),
  }
}

function runPan(cwd: string, until: 'first' | 'all'): PanRun {
  const began = performance.now()
  // `times` of the shell knows the processor time of its children.
  const text = execute('sh', ['-c', `./pan -m100000 ${until === 'all' ? '-c0' : '-c1'}; times`], cwd)
  return { ...parsePan(text), wallMs: performance.now() - began, cpuMs: childrenMs(text) }
}

function execute(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `${stdout}${stderr}`}`)
  return stdout
}

/** User and system time of the second line that `times` prints: `0m1.230000s 0m0.040000s`. */
function childrenMs(text: string): number {
  const times = [...text.matchAll(/(\d+)m([\d.]+)s/g)].slice(-2)
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0)
}
