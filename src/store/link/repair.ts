/**
 * What mail programs, archives and people do to links, undone: quoted-printable (`=3D`, a soft line break), percent
 * signs, a stray line break, angle brackets, final punctuation. The result is only ever offered, never used unasked.
 */

const named: readonly (readonly [RegExp, string])[] = [
  [/&(gt|lt|amp|quot|nbsp);?/gi, ''],
  [/=(\r\n|\n|\r)/g, ''],
  [/=3D/gi, ''],
  [/=20/g, ''],
]

/** The fragment with everything removed that a link never contains. */
export function repair(fragment: string): string {
  let text = decode(fragment)
  for (const [damage, mended] of named) text = text.replace(damage, mended)
  return text
    .replace(/[^A-Za-z0-9/._~-]/g, '')
    .replace(/\/{2,}/g, '/')
    .replace(/[^A-Za-z0-9]+$/, '')
}

/** Percent escapes read as far as they can be; `decodeURIComponent` would throw on the first broken one. */
function decode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => {
    const code = parseInt(hex, 16)
    return code < 128 ? String.fromCharCode(code) : ''
  })
}

/** The characters of a fragment that no link contains, each once, for a message. */
export function strangers(fragment: string): string[] {
  const found = new Set<string>()
  for (const [what] of fragment.matchAll(/=3D|=\r?\n|%[0-9A-Fa-f]{2}|[^A-Za-z0-9/._~-]/gu)) found.add(spell(what))
  return [...found]
}

function spell(what: string): string {
  if (/^\s$/.test(what) || what === '%20') return 'a blank'
  if (/[\r\n]/.test(what) || /^%0[ad]$/i.test(what)) return 'a line break'
  const code = what.codePointAt(0) ?? 0
  if (code < 32 || (code > 126 && code < 160)) return 'a control character'
  return `"${what}"`
}
