/** Which Lockstep this is; the package says it once. */
export { version } from '../../package.json'
