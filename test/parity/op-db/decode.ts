/** From the harness's files to arguments of the facade. */

import { type Tensor, torch } from '../../../lib/index.js'
import type { Encoded } from './format.js'

/** Turns encoded values into JavaScript's; every tensor is made anew, so that samples cannot disturb each other. */
export class Decoder {
  readonly #tensors: ReadonlyMap<string, Tensor>

  constructor(tensors: ReadonlyMap<string, Tensor>) {
    this.#tensors = tensors
  }

  value(encoded: Encoded): unknown {
    if (typeof encoded !== 'object' || encoded === null) return encoded
    if (Array.isArray(encoded)) return encoded.map((item) => this.value(item))
    if ('tensor' in encoded) return this.#tensor(encoded)
    if ('int' in encoded) return BigInt(encoded.int)
    if ('float' in encoded) return floatFrom(encoded.float)
    if ('complex' in encoded) return { re: encoded.complex[0], im: encoded.complex[1] }
    if ('dtype' in encoded) return encoded.dtype
    if ('device' in encoded) return encoded.device
    if ('dict' in encoded) return this.fields(encoded.dict)
    if ('slice' in encoded) return encoded.slice.map((part) => part ?? '').join(':')
    return '...'
  }

  fields(encoded: Record<string, Encoded>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(encoded).map(([name, value]) => [name, this.value(value)]))
  }

  #tensor(encoded: Extract<Encoded, { tensor: string }>): Tensor {
    const stored = this.#tensors.get(encoded.tensor)
    if (stored === undefined) throw new Error(`the file has no tensor '${encoded.tensor}'`)
    let result = stored.clone()
    if (encoded.complex) result = torch.view_as_complex(result)
    if (encoded.shape && encoded.strides) result = result.as_strided(encoded.shape, encoded.strides)
    return encoded.requires_grad ? result.requires_grad_() : result
  }
}

/** Python's spelling of what JSON has no number for. */
export function floatFrom(text: number | string): number {
  if (typeof text === 'number') return text
  return text === 'nan' ? Number.NaN : text === 'inf' ? Infinity : -Infinity
}

/** The tensors in a value, in order. */
export function tensorsIn(value: unknown): Tensor[] {
  if (torch.is_tensor(value)) return [value]
  if (Array.isArray(value)) return value.flatMap(tensorsIn)
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.values(value).flatMap(tensorsIn)
  }
  return []
}
