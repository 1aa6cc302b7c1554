/** Letters for places on disk, in the order in which they are first met: what stays where it is keeps its letter. None beyond Z. */
export function lettersOfPlaces(): (disk: number | null, from: number) => string | null {
  const known = new Map<number, string | null>()
  return (disk, from) => {
    if (disk === null) return null
    // Two parts of one extent begin at the same place, counted back to the first byte of the file.
    const begin = disk - from
    const letter = known.get(begin) ?? (known.size < 26 ? String.fromCharCode(65 + known.size) : null)
    known.set(begin, letter)
    return letter
  }
}
