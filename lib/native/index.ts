import type { Native } from './addon.js'
import { type LoadReport, loadAddon } from './load.js'

/** How the addon of this thread came to be loaded: what was searched, found and opened, and why CUDA is off. */
export const loadReport: LoadReport = { steps: [] }

/**
 * The native addon of this thread, loaded by importing this module.
 *
 * @throws LoadError, LibtorchNotFoundError or LibtorchVersionError from the import, with every step in the message.
 */
export const native: Native = loadAddon(loadReport)
