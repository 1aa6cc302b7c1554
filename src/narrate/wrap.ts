/** Breaks text into lines of at most `width` columns, at spaces. A word longer than that stands alone. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line)
      line = ''
    }
    line += (line === '' ? '' : ' ') + word
  }
  return line === '' ? lines : [...lines, indent + line]
}
