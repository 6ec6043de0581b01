import { fileURLToPath } from 'node:url'

/** Root folder of this package: two levels up, both from `lib/native` (sources) and from `dist/native` (built). */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url))
