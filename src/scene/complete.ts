/** What can stand at a place of the text: for an editor that offers it. */
import { beginsLine, claims, commandForms, commandNames, errnos, eventNames, factWords, lineWords, modelWords } from './words.ts'
import type { CommandName } from './scene.ts'

export interface Offer {
  readonly word: string
  /** In a few words; empty = the word says it. */
  readonly says: string
}

/** What the page knows and the language does not. */
export interface Knowledge {
  readonly fileSystems: readonly string[]
  /** Of the file system of this scene. */
  readonly releases: readonly string[]
  readonly patches: readonly Offer[]
  readonly options: readonly string[]
  /** Labels of steps of the task. */
  readonly labels: (task: string) => readonly string[]
}

const plain = (words: readonly string[]): Offer[] => words.map((word) => ({ word, says: '' }))

/** What can follow. */
export interface Completion {
  /** The last word, begun or empty: what an offer takes the place of. */
  readonly begun: string
  /** It is a word as it stands: whoever goes on means it, and not a longer one. */
  readonly whole: boolean
  readonly offers: readonly Offer[]
}

/** What may come next behind `before`, the text from the beginning of the statement to the place. */
export function completion(before: string, tasks: readonly string[], knowledge: Knowledge): Completion {
  const words = before.trimStart().split(/[\s,]+/)
  const begun = words.at(-1) ?? ''
  const possible = next(words.slice(0, -1), tasks, knowledge)
  return {
    begun,
    whole: possible.some(({ word }) => word === begun),
    offers: possible.filter(({ word }) => word !== begun && word.startsWith(begun)),
  }
}

function next(words: readonly string[], tasks: readonly string[], knowledge: Knowledge): readonly Offer[] {
  const [first = '', ...rest] = words
  if (words.length === 0)
    return [...plain(lineWords.filter((word) => word !== 'setup')), { word: 'setup:', says: 'before the tasks' }, ...newTasks(tasks)]
  if (first === 'on')
    return rest.length === 0 ? plain(knowledge.fileSystems) : rest.length === 1 ? plain(knowledge.releases) : knowledge.patches
  if (first === 'mkfs' || first === 'mount') return plain(knowledge.options)
  if (first === 'may') return rest.length === 0 ? plain(eventNames) : []
  if (first === 'outcomes') return rest.length === 0 ? plain(['after']) : rest.length === 1 ? plain(['power']) : []
  if (first === 'run') return rest.at(-1) === 'until' ? plain(knowledge.labels(rest.at(-2) ?? '')) : [...plain(tasks), ...plain(['until'])]
  if (first === 'setup:' || /^[A-Z]:$/.test(first)) return commandNext(rest, first === 'setup:' ? 'setup' : 'task', tasks)
  return (claims as readonly string[]).includes(first) ? factNext(rest, tasks, knowledge) : []
}

/** The tasks there are, and one more. */
const newTasks = (tasks: readonly string[]): Offer[] => {
  const free = [...'ABCDE'].find((letter) => !tasks.includes(letter))
  return [...tasks, ...(free === undefined ? [] : [free])].map((letter) => ({
    word: `${letter}:`,
    says: tasks.includes(letter) ? '' : 'one more task',
  }))
}

function commandNext(words: readonly string[], where: 'setup' | 'task', tasks: readonly string[]): readonly Offer[] {
  const [name = '', ...rest] = words
  const fits = commandNames.filter((one) => ['both', where].includes(commandForms[one].where))
  if (words.length === 0) return fits.map((word) => ({ word, says: commandForms[word].says }))
  if (!Object.hasOwn(commandForms, name)) return []
  const form = commandForms[name as CommandName]
  const model = rest.indexOf('--')
  if (model >= 0) return modelNext(rest.slice(model + 1), tasks)
  const options = [...(form.stamp ? ['-S'] : []), ...(form.block ? ['-b'] : []), ...[...form.flags].map((one) => `-${one}`)]
  const numbers = rest.filter((word) => /^\d/.test(word)).length
  if (numbers < form.numbers.length) return [...plain(numbers === 0 ? options : []), ...(form.of && rest.length === 0 ? plain(tasks) : [])]
  return [{ word: '--', says: 'what xfs_io does not know' }]
}

function modelNext(words: readonly string[], tasks: readonly string[]): readonly Offer[] {
  const last = words.at(-1)
  if (last === 'buf') return plain(['absent', 'first', 'shared', 'mapped'])
  if (last === 'via') return plain(['uring', 'aio'])
  if (last === 'same') return plain(['fd'])
  if (last === 'fd') return plain(['as'])
  return last === 'as' ? plain(tasks) : plain(modelWords.filter((word) => !words.includes(word)))
}

function factNext(words: readonly string[], tasks: readonly string[], knowledge: Knowledge): readonly Offer[] {
  const last = words.at(-1)
  if (words.length === 0) return [...plain(['after']), ...plain(factWords), ...plain(tasks)]
  if (last === 'after') return plain(['power'])
  if (last === 'power') return [...plain(factWords), ...plain(tasks)]
  if (last === 'log') return plain(['overlap'])
  if (last === 'csum') return plain(['error'])
  if (last === 'when') return plain(tasks)
  if (last === 'returns') return plain(errnos)
  if (last === 'reads') return plain(['stale', 'zeros'])
  if (last === 'step') return plain(knowledge.labels(words.at(-2) ?? ''))
  if (last === 'before') return plain(tasks)
  if (words.at(-2) === 'when') return plain(['done'])
  if (words.at(-2) === 'step') return words.includes('before') ? plain(['when']) : plain(['before'])
  return last !== undefined && tasks.includes(last) && (words.length === 1 || words.at(-2) === 'power' || words.at(-2) === 'before')
    ? plain(words.at(-2) === 'before' ? ['step'] : ['returns', 'reads', 'step'])
    : plain(['when'])
}

/** The statement that the place is in, from its beginning to the place; a wrapped one is one. */
export function statementBefore(text: string): string {
  const lines = text.split('\n')
  let from = lines.length - 1
  while (from > 0 && !beginsLine(/^\s*(\S*)/.exec(lines[from] ?? '')?.[1] ?? '') && lines[from]?.trim() !== '') from--
  return (lines.slice(from).some((line) => line.trim() !== '') ? lines.slice(from) : lines.slice(-1)).join(' ')
}
