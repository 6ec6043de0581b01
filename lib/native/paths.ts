import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Root folder of this package: two levels up, both from `lib/native` (sources) and from `dist/native` (built). */
export const packageRoot = resolve(fileURLToPath(new URL('../..', import.meta.url)))
