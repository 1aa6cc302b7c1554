/** Numbered steps, as changelogs have them: `1) Task A ...;`, what follows from a step behind `-->`. */
import { fill } from './lines.ts'
import { functionOf, goesWrong, kernelOf, toldOf, whoIsWho, type Chosen, type Side, type Told } from './side.ts'

/** The rest of a numbered step stands under its text. */
const INDENT = '   '

/** A step is taken by a task, in a function; the function is named where it is another than the task's last. */
function sentence({ step, says }: Told, last: ReadonlyMap<string, string | null>): string {
  const fn = functionOf(step)
  const named = fn !== null && fn !== last.get(step.task) && !says.includes(fn)
  return `Task ${step.task}${named ? `, in ${fn}` : ''}: ${says.replace(/[.;]$/, '')}`
}

export function steps(side: Side, chosen: Chosen): string[] {
  const { width } = chosen
  const told = toldOf(side, chosen)
  if (told.length === 0) return fill(`no ${chosen.level === 'beats' ? 'moment of the story' : 'step'} in this part of the run`, width)
  const intro = goesWrong(side, chosen) ? 'The following steps explain how this happens' : 'The following steps are taken'
  const last = new Map<string, string | null>()
  const items = told.flatMap((one, i) => {
    const end = i === told.length - 1 ? '.' : ';'
    const lines = fill(`${sentence(one, last)}${end}`, width, `${i + 1}) `, INDENT)
    last.set(one.step.task, functionOf(one.step))
    const results = [...new Set([...one.waits.map(({ says }) => says), ...one.wrong])].flatMap((text) =>
      fill(text, width, `${INDENT}--> `, `${INDENT}    `),
    )
    return ['', ...lines, ...results]
  })
  return [
    ...fill(`${intro}, in a model of Linux ${kernelOf(side.view)}:`, width),
    '',
    ...whoIsWho(side, told, ending(side, chosen)).flatMap((who) => fill(who, width, INDENT, `${INDENT}  `)),
    ...items,
    ...ending(side, chosen),
  ]
}

/** How it ends, if that is within the part that is told. */
export function ending({ view }: Side, { width, to }: Chosen): string[] {
  if (to < view.steps.length || view.happened.length === 0) return []
  return ['', ...fill(view.happened.join(' '), width)]
}
