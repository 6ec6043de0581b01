import { DeviceError } from '../../errors.js'
import { type Device, type DeviceLike, device as toDevice } from '../../torch/device.js'

/**
 * A device by name, or as Python's pipelines take it: the index of a GPU, -1 for the CPU.
 *
 * @throws DeviceError for one that no model can be on
 */
export function deviceOf(device: DeviceLike | number): Device {
  if (typeof device === 'number') return device < 0 ? toDevice('cpu') : toDevice('cuda', device)
  const named = toDevice(device)
  if (named.type === 'cpu' || named.type === 'cuda') return named
  throw new DeviceError(`a model cannot be on '${named}'`, {
    hint: "pass device: 'cpu', 'cuda:0', the index of a GPU, or -1 for the CPU",
  })
}
