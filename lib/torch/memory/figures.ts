/** What tensors cost. */

import { native } from './native.js'

export interface MemoryFigures {
  /** Live tensor objects of this thread, and the storages behind them. */
  tensors: number
  storages: number
  /** Tensors of the whole process that `Tensor.share` handed out and nobody has opened or disposed. */
  shared: number
  /** By device, for the whole process, what autograd alone still holds included. */
  devices: Record<string, { bytes: number; peak_bytes: number; allocations: number }>
}

/** Live tensors, storages and bytes per device. */
export function memory(): MemoryFigures {
  const figures = native.memory()
  return {
    tensors: figures.tensors,
    storages: figures.storages,
    shared: native.sharedTensors(),
    devices: {
      cpu: { bytes: figures.cpuBytes, peak_bytes: figures.cpuPeakBytes, allocations: figures.cpuAllocations },
    },
  }
}

/** Starts the peak figures anew from what is live now. */
export const resetPeakMemory = (): void => native.resetPeakMemory()
