/** torch.device: where a tensor lives. */

import { DeviceError } from '../errors.js'

/** A device such as `cpu` or `cuda:0`. */
export class Device {
  readonly type: string
  /** null for "the current one". */
  readonly index: number | null

  /** @throws DeviceError when the text names no device. */
  constructor(text: string, index?: number) {
    const parts = /^([a-z]+)(?::(\d{1,4}))?$/.exec(text)
    if (!parts) {
      throw new DeviceError(`'${text}' is no device`, { hint: "write 'cpu', 'cuda' or 'cuda:0'" })
    }
    this.type = parts[1] as string
    this.index = index ?? (parts[2] === undefined ? null : Number(parts[2]))
    Object.freeze(this)
  }

  toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `device(type='${this.type}'${this.index === null ? '' : `, index=${this.index}`})`
  }
}

/** A device, or its name. */
export type DeviceLike = Device | string

/** torch.device: `torch.device('cuda:0')`, `torch.device('cuda', 0)`. */
export function device(type: DeviceLike, index?: number): Device {
  return type instanceof Device ? type : new Device(type, index)
}
