/** A sentence in which code stands between backquotes. */
export function Inline({ text }: { text: string }) {
  const parts = text.split('`')
  return (
    <>
      {parts.map((part, i) =>
        i % 2 === 1 ? (
          <code key={i}>{part}</code>
        ) : (
          // An even part is prose, also where a backquote was left open.
          <span key={i}>{part}</span>
        ),
      )}
    </>
  )
}
