/** Exact counts, which are decimal strings, as one says them. */

const names = ['thousand', 'million', 'billion', 'trillion', 'quadrillion', 'quintillion', 'sextillion', 'septillion', 'octillion']

/** Decimal strings in groups of three; null is infinite. */
export const grouped = (count: string | null): string => (count === null ? 'infinitely many' : count.replace(/\B(?=(\d{3})+$)/g, ','))

/** `61,022,935,820` is `61 billion`: two digits and a word, cut and not rounded up, for what nobody reads digit by digit. */
export function inWords(count: string | null): string {
  if (count === null || count.length <= 5) return grouped(count)
  const group = Math.floor((count.length - 1) / 3)
  const name = names[group - 1]
  if (name === undefined) return `some 10^${count.length - 1}`
  const whole = count.slice(0, count.length - 3 * group)
  return whole.length === 1 ? `${whole}.${count[1] ?? '0'} ${name}` : `${whole} ${name}`
}
