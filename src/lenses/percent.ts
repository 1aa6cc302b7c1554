/** `35 %`; nothing that is not nothing is called 0, nothing that is not all 100. */
export function percent(share: number): string {
  if (share <= 0) return '0 %'
  if (share >= 1) return '100 %'
  const whole = Math.round(share * 100)
  return whole < 1 ? 'less than 1 %' : whole > 99 ? 'more than 99 %' : `${whole} %`
}
