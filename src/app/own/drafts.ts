/** The text that was typed here last. Storage can be forbidden, which throws: it is then kept as long as the page is. */
const KEY = 'lockstep-scene'

/** Two tasks and a claim that a reader sees broken and held: something to change. */
const EXAMPLE = `lockstep 1 truncate-dio-read
on btrfs 6.1
setup: pwrite -S X 0 64k
setup: sync
A: open -d foo
A: pread 0 64k
B: truncate 16k
B: truncate 64k
sometimes A returns 16k
never A reads stale
outcomes
end
`

/** Never empty. */
export function firstText(): string {
  try {
    return localStorage.getItem(KEY) ?? EXAMPLE
  } catch {
    return EXAMPLE
  }
}

export function keepText(text: string): void {
  try {
    localStorage.setItem(KEY, text)
  } catch {
    return
  }
}
