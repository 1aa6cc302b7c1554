/** How many lines a sentence needs, before it is drawn: about as wide as the sans face sets it, a little more. */

/** Widths in parts of the size of the type, of its bold cut, which is the wider one. */
const widthOf = (character: string): number =>
  character === ' '
    ? 0.25
    : "'ijl,.!:;|[]f(){}".includes(character)
      ? 0.33
      : 'tr/\\-I"'.includes(character)
        ? 0.42
        : 'mMwW@%'.includes(character)
          ? 0.9
          : /[A-Z#&]/.test(character)
            ? 0.68
            : 0.58

/** Of `text` in a column of `width` times the size of its type; a word is broken nowhere. */
export function linesIn(text: string, width: number): number {
  let lines = 1
  let used = 0
  for (const word of text.split(' ')) {
    const length = [...word].reduce((sum, character) => sum + widthOf(character), 0)
    if (used > 0 && used + widthOf(' ') + length > width) {
      lines++
      used = length
    } else used += (used > 0 ? widthOf(' ') : 0) + length
  }
  return lines
}
