/** What a page needs that is opened by a link and not where its scenario begins. */
export { parse } from '../store/link/link.ts'
export { resume } from './resume.ts'
