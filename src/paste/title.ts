/** Titles that people put over a listing, and the names that tools put there. */

/** `=== before ===`, `- Before`, `After:`, `[after]`; null if a line is none. */
export function titleOf(text: string): string | null {
  const line = text.trim()
  const framed =
    /^(?:=+|-{2,}|\*+|#+)\s*(\w[\w ,.'()/-]{0,58}?)\s*(?:=+|-{2,}|\*+|#+):?$/.exec(line) ?? /^\[(\w[\w ,.'()/-]{0,58})\]:?$/.exec(line)
  if (framed?.[1] !== undefined && /[a-z]/i.test(framed[1])) return framed[1]
  const plain = /^[-*#\s]*((?:before|after|original|patched|unpatched|expected|actual)\b[\w ,.'()/-]{0,40}?)\s*:?$/i.exec(line)
  return plain?.[1] ?? null
}

/** `/mnt/file:`, as xfs_io prints it over its rows. */
export function pathLine(text: string): string | null {
  const name = /^\s*(\.{0,2}\/.{0,400}?|\S{1,400}?):\s*$/.exec(text)?.[1] ?? null
  // "Output:" leads to a listing, and is no file.
  return name !== null && /^[A-Z][a-z]+$/.test(name) ? null : name
}

/** Tells whether the same file is listed twice: before and after. */
export const listedTwice = (files: readonly { readonly name: string | null }[]): boolean =>
  files.some(({ name }, i) => files.findIndex((other) => other.name === name) !== i)
