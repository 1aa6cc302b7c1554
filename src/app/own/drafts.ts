/**
 * What was typed stays in this browser, every text by itself: a draft has the name that its first line gives it. A text that takes the place of
 * another (out of a link, a mail, the menu) is a draft of its own, so that nothing is lost. Two windows write into the same list: each keeps to
 * the draft that it has open, and leaves it when it finds that another window wrote there.
 */
import { examples } from './examples.ts'

export interface Draft {
  readonly id: string
  readonly text: string
  /** Somebody typed in it; one that was only looked at makes room for the next. */
  readonly typed: boolean
}

export interface Kept {
  /** The one that was written last stands first. */
  readonly drafts: readonly Draft[]
  /** What was removed last, so that it can be brought back. */
  readonly removed: Draft | null
}

/** As much of a browser's storage as is used. */
export type Store = Pick<Storage, 'getItem' | 'setItem'>

const KEY = 'lockstep-drafts'
/** Which draft a window has open, over a reload. */
const OPEN = 'lockstep-draft'

const isDraft = (value: unknown): value is Draft => {
  const { id, text, typed } = (value ?? {}) as Partial<Record<keyof Draft, unknown>>
  return typeof id === 'string' && typeof text === 'string' && typeof typed === 'boolean'
}

export type Drafts = ReturnType<typeof createDrafts>

/** `local` is shared by all windows, `session` is this one's. Either may throw: then drafts live as long as the page. */
export function createDrafts(local: () => Store, session: () => Store, first: string) {
  let now: Kept = { drafts: [], removed: null }
  let stored = true
  let open: Draft | null = null
  const listeners = new Set<() => void>()

  /** What all windows have kept; storage can hold what another version wrote. */
  function read(): Kept {
    if (!stored) return now
    try {
      const kept = JSON.parse(local().getItem(KEY) ?? '{}') as Partial<Record<keyof Kept, unknown>> | null
      return {
        drafts: Array.isArray(kept?.drafts) ? kept.drafts.filter(isDraft) : [],
        removed: isDraft(kept?.removed) ? kept.removed : null,
      }
    } catch {
      return now
    }
  }

  function write(kept: Kept): void {
    now = kept
    try {
      local().setItem(KEY, JSON.stringify(kept))
      stored = true
    } catch {
      stored = false
    }
    for (const listener of listeners) listener()
  }

  function setOpen(draft: Draft | null): void {
    open = draft
    try {
      session().setItem(OPEN, draft?.id ?? '')
    } catch {
      // After a reload it is then the newest.
    }
  }

  function lastOpen(): string | null {
    try {
      return session().getItem(OPEN)
    } catch {
      return null
    }
  }

  return {
    /** The draft that this window had open, or the newest, or the first example: never empty. */
    firstText(): string {
      const { drafts } = read()
      const id = lastOpen()
      const draft = drafts.find((one) => one.id === id) ?? drafts[0]
      if (draft) setOpen(draft)
      return draft?.text ?? first
    },

    /** Something was typed: the draft that is open follows. */
    keepText(text: string): void {
      if (open?.text === text) return
      const { drafts, removed } = read()
      const mine = drafts.find(({ id, text: found }) => id === open?.id && found === open.text)
      // Another window wrote there, or nothing is open: it goes on as a draft of its own.
      const draft: Draft = { id: mine?.id ?? freshId(), text, typed: true }
      setOpen(draft)
      write({ drafts: [draft, ...drafts.filter(({ id }) => id !== draft.id)], removed })
    },

    /** A text takes the place of the one that is open, which stays as it is. */
    openText(text: string): void {
      if (open?.text === text) return
      const { drafts, removed } = read()
      const left = open
      const draft: Draft = drafts.find((one) => one.text === text) ?? { id: freshId(), text, typed: false }
      setOpen(draft)
      write({ drafts: [draft, ...drafts.filter(({ id, typed }) => id !== draft.id && (typed || id !== left?.id))], removed })
    },

    /** Takes a draft out of the list; it can be brought back until the next one is. */
    remove(id: string): void {
      const { drafts, removed } = read()
      const gone = drafts.find((one) => one.id === id)
      if (open?.id === id) setOpen(null)
      write({ drafts: drafts.filter((one) => one.id !== id), removed: gone ?? removed })
    },

    /** Puts the draft that was removed last back into the list. @returns its text; null if there is none. */
    bringBack(): string | null {
      const { drafts, removed } = read()
      if (removed) write({ drafts: [removed, ...drafts], removed: null })
      return removed?.text ?? null
    },

    /** Is this the draft that the window has open? */
    isOpen: (id: string): boolean => open?.id === id,
    /** Can they be kept? Storage has little room, or none. */
    isStored: (): boolean => stored,
    /** What there is, for whoever shows the list. */
    now: (): Kept => now,
    /** Looks again: another window wrote. */
    look(): void {
      now = read()
      for (const listener of listeners) listener()
    },
    watch(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const freshId = (): string => Math.random().toString(36).slice(2, 10)

/** Those of this browser. */
export const drafts = createDrafts(
  () => localStorage,
  () => sessionStorage,
  examples[0]?.text ?? '',
)

/** For React: what there is now, and word of every change, also by other windows. */
export function watchDrafts(listener: () => void): () => void {
  const elsewhere = (event: StorageEvent): void => {
    if (event.key === KEY) drafts.look()
  }
  const leave = drafts.watch(listener)
  window.addEventListener('storage', elsewhere)
  drafts.look()
  return () => {
    leave()
    window.removeEventListener('storage', elsewhere)
  }
}

/** The name that a text gives itself. */
export const nameIn = (text: string): string =>
  /^[\s>|]*lockstep[ \t]+\d+[ \t]+([a-z0-9][a-z0-9-]{0,63})/m.exec(text)?.[1] ?? 'without a name'

/** A name for each, no two alike. */
export function namesOf(texts: readonly string[]): string[] {
  const names = texts.map(nameIn)
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((one) => one === name).length
    return before === 0 ? name : `${name} (${before + 1})`
  })
}
