/** torch.nn: activations with thresholds, and those whose slopes are drawn. */

import { aten } from './aten.js'
import { layer, pairs, shown } from './function-layer.js'
import * as F from './functional/activation.js'
import { pythonFloat } from './python-repr.js'

const inplaceText = (inplace: boolean | undefined) => (inplace ? ', inplace=True' : '')

/** torch.nn.CELU */
export const CELU = layer<F.EluOptions>()('CELU', {
  names: ['alpha', 'inplace'],
  defaults: { alpha: 1, inplace: false },
  run: ({ alpha, inplace }, input) => F.celu(input, alpha, inplace),
  repr: ({ alpha = 1, inplace }) => `alpha=${pythonFloat(alpha)}${inplaceText(inplace)}`,
})

/** torch.nn.ReLU6: `min(max(0, x), 6)`. */
export const ReLU6 = layer<F.Inplace>()('ReLU6', {
  names: ['inplace'],
  run: ({ inplace }, input) => F.relu6(input, inplace),
  repr: ({ inplace }) => (inplace ? 'inplace=True' : ''),
})

/** torch.nn.Hardsigmoid */
export const Hardsigmoid = layer<F.Inplace>()('Hardsigmoid', {
  names: ['inplace'],
  run: ({ inplace }, input) => F.hardsigmoid(input, inplace),
})

/** torch.nn.Hardswish */
export const Hardswish = layer<F.Inplace>()('Hardswish', {
  names: ['inplace'],
  run: ({ inplace }, input) => F.hardswish(input, inplace),
})

/** torch.nn.Hardshrink: 0 where the absolute value is at most `lambd`. */
export const Hardshrink = layer<{ lambd?: number }>()('Hardshrink', {
  names: ['lambd'],
  defaults: { lambd: 0.5 },
  run: ({ lambd }, input) => aten.hardshrink(input, lambd),
  repr: ({ lambd }) => shown(lambd),
})

/** torch.nn.Softshrink: nearer to 0 by `lambd`. */
export const Softshrink = layer<{ lambd?: number }>()('Softshrink', {
  names: ['lambd'],
  defaults: { lambd: 0.5 },
  run: ({ lambd }, input) => aten.softshrink(input, lambd),
  repr: ({ lambd }) => shown(lambd),
})

/** torch.nn.RReLU: a leaky ReLU whose slopes are drawn in training. */
export const RReLU = layer<Omit<F.RReluOptions, 'training'>>()('RReLU', {
  names: ['lower', 'upper', 'inplace'],
  defaults: { lower: 1 / 8, upper: 1 / 3, inplace: false },
  run: ({ lower, upper, training, inplace }, input) => F.rrelu(input, lower, upper, training, inplace),
  repr: ({ lower, upper, inplace }) => pairs({ lower, upper }) + inplaceText(inplace),
})

/** torch.nn.Threshold: `value` where the input is at most `threshold`. */
export const Threshold = layer<F.ThresholdOptions>()('Threshold', {
  needed: ['threshold', 'value'],
  names: ['inplace'],
  run: ({ threshold, value, inplace }, input) => F.threshold(input, threshold, value, inplace),
  repr: ({ threshold, value, inplace }) => pairs({ threshold, value }) + inplaceText(inplace),
})
