/** Tensor.apply_ and map_: a JavaScript function for each element. Slow beside any operator, as in Python. */

import { ArgumentError, DeviceError } from '../../errors.js'
import { tensor as makeTensor } from '../creation.js'
import { type Tensor, toNumbers } from '../tensor.js'

/** An element: boolean for bool tensors, bigint for integers beyond 2^53. */
export type Element = number | bigint | boolean

function requirePlain(name: string, tensors: readonly Tensor[]): void {
  for (const tensor of tensors) {
    if (tensor.requires_grad) {
      throw new ArgumentError(`${name} would change a tensor that requires grad behind autograd's back`, {
        hint: `use tensor.detach().${name}()`,
      })
    }
    if (tensor.device.type !== 'cpu') {
      throw new DeviceError(`${name} works on the CPU, not on ${tensor.device}`, {
        hint: 'move the tensor: tensor.cpu()',
      })
    }
  }
}

const assign = (self: Tensor, values: Element[]): Tensor =>
  self.copy_(makeTensor(values, { dtype: self.dtype }).reshape(self.shape))

/** Tensor.apply_: each element becomes `callable(element)`. */
export function apply_(self: Tensor, callable: (value: Element) => Element): Tensor {
  requirePlain('apply_', [self])
  return assign(
    self,
    toNumbers(self).map((value) => callable(value)),
  )
}

/** Tensor.map_: each element becomes `callable(element, element of the other)`; the other is broadcast. */
export function map_(self: Tensor, tensor: Tensor, callable: (a: Element, b: Element) => Element): Tensor {
  requirePlain('map_', [self, tensor])
  const others = toNumbers(tensor.expand(self.shape))
  return assign(
    self,
    toNumbers(self).map((value, i) => callable(value, others[i] as Element)),
  )
}

/** Tensor.map2_: as `map_` with two others. */
export function map2_(
  self: Tensor,
  x: Tensor,
  y: Tensor,
  callable: (a: Element, b: Element, c: Element) => Element,
): Tensor {
  requirePlain('map2_', [self, x, y])
  const first = toNumbers(x.expand(self.shape))
  const second = toNumbers(y.expand(self.shape))
  return assign(
    self,
    toNumbers(self).map((value, i) => callable(value, first[i] as Element, second[i] as Element)),
  )
}
