/** A sentence that a parser wrote without a capital. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** What could not be read, each with its line and what would help. */
export function Problems({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null
  return (
    <ul role="alert" className="paste-problems">
      {problems.map((problem) => (
        <li key={problem}>{capital(problem)}.</li>
      ))}
    </ul>
  )
}
