/** Scene to text, in the one form that everybody's scene has: at most 72 columns, and read back to the same. */
import { printCommand } from './command.ts'
import { printFact } from './fact.ts'
import { VERSION, type Choice, type Scene, type Statement } from './scene.ts'
import { printRange } from './size.ts'
import { beginsLine } from './words.ts'

const WIDTH = 72

/** Ends with a newline. Comments stay with their lines; blank lines and indentation go. */
export function printScene({ name, statements }: Scene): string {
  const lines = [name === null ? `lockstep ${VERSION}` : `lockstep ${VERSION} ${name}`, ...statements.flatMap(printStatement), 'end']
  return `${lines.join('\n')}\n`
}

/** Without what `;` says. */
export function printSaying(one: Statement): string {
  switch (one.kind) {
    case 'comment':
      return ''
    case 'on':
      return ['on', one.fs, one.release, ...one.on.map((id) => `+${id}`), ...one.off.map((id) => `-${id}`)].join(' ')
    case 'mkfs':
    case 'mount':
      return [one.kind, ...one.options].join(' ')
    case 'setup':
      return `setup: ${printCommand(one.command)}`
    case 'task':
      return `${one.task}: ${printCommand(one.command)}`
    case 'may':
      return `may ${one.event}${one.range === null ? '' : ` ${printRange(one.range)}`}`
    case 'claim':
      return `${one.claim} ${printFact(one.fact)}`
    case 'outcomes':
      return one.afterPower ? 'outcomes after power' : 'outcomes'
    case 'run':
      return ['run', ...one.choices.map(printChoice)].join(' ')
  }
}

const printChoice = (choice: Choice): string =>
  'steps' in choice ? `${choice.task}${choice.steps}` : `${choice.task} until ${choice.until}${choice.nth === 1 ? '' : ` ${choice.nth}`}`

/** The lines of a statement, with what `;` says. */
export function printStatement(one: Statement): string[] {
  const said = printSaying(one)
  const { comment } = one
  if (comment === null) return wrap(said)
  if (said === '') return wrapComment(comment)
  const whole = `${said}  ; ${comment}`
  // A comment too long for its line stands before it.
  return whole.length <= WIDTH ? [whole] : [...wrapComment(comment), ...wrap(said)]
}

/** Breaks before a word that begins no line of its own, so that the parts are read as one. */
function wrap(text: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line === '') line = word
    else if (line.length + 1 + word.length <= WIDTH || beginsLine(word)) line += ` ${word}`
    else {
      lines.push(line)
      line = `  ${word}`
    }
  }
  return [...lines, line]
}

/** Every line of a long comment begins with `;`. */
function wrapComment(comment: string): string[] {
  const lines: string[] = []
  let line = ';'
  for (const word of comment.split(/\s+/).filter((one) => one !== '')) {
    if (line !== ';' && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = ';'
    }
    line += ` ${word}`
  }
  return [...lines, line]
}
