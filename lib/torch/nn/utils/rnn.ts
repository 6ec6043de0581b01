/** torch.nn.utils.rnn: sequences of unequal length in one tensor. */

import { ArgumentError } from '../../../errors.js'
import { operator } from '../../operators.js'
import type { Tensor } from '../../tensor.js'
import { named, type Rest } from '../arguments.js'

export interface PadOptions {
  /** (B, T, …) instead of (T, B, …). */
  batch_first?: boolean
  /** Default 0. */
  padding_value?: number
  /** Default right. */
  padding_side?: 'left' | 'right'
}
const names = ['batch_first', 'padding_value', 'padding_side'] as const

const pad =
  operator<(sequences: readonly Tensor[], first: boolean, value: number, side: string) => Tensor>(
    'aten::pad_sequence',
  )

/** torch.nn.utils.rnn.pad_sequence: sequences (Tᵢ, …) → (T, B, …), T the greatest of their lengths. */
export function pad_sequence(
  sequences: readonly Tensor[],
  ...rest: Rest<PadOptions, [...typeof names]>
): Tensor {
  const options = named<PadOptions>('pad_sequence()', rest, names)
  const { batch_first = false, padding_value = 0, padding_side = 'right' } = options
  return pad(sequences, batch_first, padding_value, padding_side)
}

/** torch.nn.utils.rnn.unpad_sequence: (T, B, …) and the lengths (B) → sequences (Tᵢ, …). */
export function unpad_sequence(
  padded_sequences: Tensor,
  lengths: Tensor | readonly number[],
  ...rest: Rest<Pick<PadOptions, 'batch_first'>, ['batch_first']>
): Tensor[] {
  const { batch_first = false } = named<Pick<PadOptions, 'batch_first'>>('unpad_sequence()', rest, [
    'batch_first',
  ])
  const rows = batch_first ? padded_sequences : padded_sequences.transpose(0, 1)
  const counts = Array.isArray(lengths) ? lengths : ((lengths as Tensor).tolist() as number[])
  if (counts.length !== rows.size(0)) {
    throw new ArgumentError(`there are ${counts.length} lengths for ${rows.size(0)} sequences`)
  }
  return counts.map((length, i) => rows.select(0, i).narrow(0, 0, length).clone())
}
