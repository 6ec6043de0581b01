/** What tensors cost. */

import type { DeviceFigures } from '../../native/addon.js'
import { native } from '../native.js'

export interface MemoryFigures {
  /** Live tensor objects of this thread on all devices, and the storages behind them. */
  tensors: number
  storages: number
  /** Tensors of the whole process that `Tensor.share` handed out and nobody has opened or disposed. */
  shared: number
  devices: Record<string, DeviceFigures>
}

/** Live tensors and bytes by device (`cpu`, `cuda:0`, …), and the most there were since the last `resetPeak`. */
export const stats = (): Record<string, DeviceFigures> => native.memory()

/** Live tensors, storages and bytes: `stats` and what belongs to no device. */
export function figures(): MemoryFigures {
  const devices = stats()
  const sum = (name: 'tensors' | 'storages') =>
    Object.values(devices).reduce((total, device) => total + device[name], 0)
  return { tensors: sum('tensors'), storages: sum('storages'), shared: native.sharedTensors(), devices }
}

/** Starts the peak figures anew from what is live now. */
export const resetPeak = (): void => native.resetPeakMemory()
