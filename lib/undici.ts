/** The HTTP client, loaded by the first transfer: it takes as long as the rest of the package, which fetches rarely. */

import { createRequire } from 'node:module'

import type * as Undici from 'undici'

export const undici = (): typeof Undici => createRequire(import.meta.url)('undici')
