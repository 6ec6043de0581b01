/** torch.utils.data: lists of examples as batches. */

import { ArgumentError } from '../../errors.js'
import { tensor } from '../creation.js'
import { float64 } from '../dtype.js'
import { native } from '../native.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

const stack = operator<(tensors: Tensor[]) => Tensor>('aten::stack')

/**
 * torch.utils.data.default_collate. Tensors are stacked along a new dimension 0; numbers become a tensor, int64 where all
 * are whole and else float64; strings stay a list; lists and objects are joined position by position, name by name.
 *
 * @throws ArgumentError for lists of different lengths, and for values that it does not know.
 */
export function default_collate<T>(examples: T[]): unknown {
  const [first] = examples
  if (native.isTensor(first)) return stack(examples as unknown as Tensor[])
  if (typeof first === 'number') {
    const whole = examples.every(Number.isInteger)
    return whole ? tensor(examples as number[]) : tensor(examples as number[], { dtype: float64 })
  }
  if (typeof first === 'bigint' || typeof first === 'boolean') return tensor(examples as boolean[])
  if (typeof first === 'string') return examples
  if (Array.isArray(first)) {
    const lists = examples as unknown as unknown[][]
    if (lists.some((list) => list.length !== first.length)) {
      throw new ArgumentError('each element in list of batch should be of equal size', {
        hint: 'pass collate_fn to the DataLoader, for example with nn.utils.rnn.pad_sequence',
      })
    }
    return first.map((_, i) => default_collate(lists.map((list) => list[i])))
  }
  if (typeof first === 'object' && first !== null) {
    return Object.fromEntries(
      Object.keys(first).map((key) => [
        key,
        default_collate(examples.map((example) => (example as Record<string, unknown>)[key])),
      ]),
    )
  }
  throw new ArgumentError(`default_collate cannot join values of type ${typeof first}`, {
    hint: 'pass collate_fn to the DataLoader',
  })
}
