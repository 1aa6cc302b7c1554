import type { Notes } from '../notes.ts'

export const notes: Notes = {
  threads: [],
  tests: [],
  history: [],
  variants: [],
  reasons: [],
  programs: [],
  corrections: [],
  recordings: [],
}
