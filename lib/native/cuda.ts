import process from 'node:process'

import type { Libtorch } from './libtorch/inspect.js'
import type { Loader } from './loader.js'
import type { Step } from './step.js'

/** NVIDIA's driver library, which comes with the driver and not with CUDA. */
const drivers: Partial<Record<NodeJS.Platform, string>> = { linux: 'libcuda.so.1', win32: 'nvcuda.dll' }

/**
 * Opens LibTorch's CUDA libraries where they and a driver exist. A failure leaves the CPU usable: whoever asks for
 * the device `cuda` gets the reason.
 *
 * @returns why CUDA is off, undefined when its libraries are open.
 */
export function openCuda(loader: Loader, libtorch: Libtorch, steps: Step[]): string | undefined {
  const off = (outcome: 'skipped' | 'failed', detail: string) => {
    steps.push({ what: 'CUDA', outcome, detail })
    return detail
  }
  if (libtorch.cudaLibraries.length < 2) {
    return off('skipped', `this LibTorch (${libtorch.version ?? libtorch.folder}) is a build without CUDA`)
  }
  const driver = drivers[process.platform]
  if (driver === undefined) return off('skipped', `there is no CUDA on ${process.platform}`)
  const missing = loader.open(driver)
  if (missing !== null) return off('skipped', `no NVIDIA driver: ${missing}`)
  for (const path of libtorch.cudaLibraries) {
    const reason = loader.open(path)
    if (reason !== null) return off('failed', reason)
    steps.push({ what: 'CUDA', outcome: 'ok', detail: path })
  }
  return undefined
}
