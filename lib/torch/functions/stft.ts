/** torch.stft: the operator of that name has no centring; the overload that Python's function calls does. */

import { named, type Rest } from '../nn/arguments.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

export interface StftOptions {
  /** Samples between windows, default n_fft / 4. */
  hop_length?: number | null
  /** Samples of a window, default n_fft. */
  win_length?: number | null
  /** (win_length); default ones. */
  window?: Tensor | null
  /** Whether frame t is centred at sample t · hop_length. Default true. */
  center?: boolean
  /** How the ends are padded when centred. Default 'reflect'. */
  pad_mode?: string
  normalized?: boolean
  /** Only the non-redundant half; default true for real input. */
  onesided?: boolean | null
  /** Must be true for real input. */
  return_complex?: boolean | null
  align_to_window?: boolean | null
}

const names = [
  'hop_length',
  'win_length',
  'window',
  'center',
  'pad_mode',
  'normalized',
  'onesided',
  'return_complex',
  'align_to_window',
] as const

const centred = operator<(self: Tensor, n_fft: number, options: object) => Tensor>('aten::stft.center')

/**
 * torch.stft: the short-time Fourier transform of (T) or (B, T) as complex (…, frequencies, frames).
 *
 * @param n_fft samples of one transform
 */
export function stft(input: Tensor, n_fft: number, ...rest: Rest<StftOptions, [...typeof names]>): Tensor
export function stft(input: Tensor, options: StftOptions & { n_fft: number }): Tensor
export function stft(input: Tensor, ...rest: unknown[]): Tensor {
  const { n_fft, ...options } = named<StftOptions & { n_fft: number }>('stft()', rest, ['n_fft', ...names])
  return centred(input, n_fft, options)
}
