/** An SVG as pixels, in the faces of the page. */

/** Draws it on a canvas of this size. */
export async function rasterOf(svg: string, width: number, height: number): Promise<HTMLCanvasElement> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image(width, height)
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    canvas.getContext('2d')?.drawImage(image, 0, 0, width, height)
    return canvas
  } finally {
    URL.revokeObjectURL(address)
  }
}

/** The faces as data: a drawing that is shown as an image sees nothing of the page around it. Where they cannot be read it has those that stand for them. */
export async function facesAsData(): Promise<string> {
  const rules = [...document.styleSheets].flatMap(rulesOf).filter((rule) => rule instanceof CSSFontFaceRule)
  const faces = await Promise.all(rules.map((rule) => asData(rule).catch(() => '')))
  return faces.join('\n')
}

function rulesOf(sheet: CSSStyleSheet): CSSRule[] {
  try {
    return [...sheet.cssRules]
  } catch {
    // On file:// a sheet is of another origin than its page.
    return []
  }
}

async function asData(rule: CSSFontFaceRule): Promise<string> {
  const text = rule.cssText
  const source = /url\("?([^")]+)"?\)/.exec(text)?.[1]
  if (source === undefined || source.startsWith('data:')) return text
  const answer = await fetch(new URL(source, rule.parentStyleSheet?.href ?? document.baseURI))
  if (!answer.ok) return ''
  const bytes = new Uint8Array(await answer.arrayBuffer())
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return text.replace(/url\("?[^")]+"?\)/, `url(data:font/woff2;base64,${btoa(binary)})`)
}
