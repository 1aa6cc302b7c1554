/** Every procedure of mm; all file systems run the same ones. */
import { filemapProcedures } from './filemap.ts'
import { cpuStore } from './memory.ts'
import { truncatePagecache } from './truncate.ts'
import { reclaimProcedures } from './reclaim.ts'
import { unmapProcedures } from './unmap.ts'

export const mmProcedures = [...filemapProcedures, cpuStore, truncatePagecache, ...reclaimProcedures, ...unmapProcedures]
