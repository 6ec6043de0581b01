/** The optimizer that TrainingArguments ask for, and the groups of parameters it works on. */

import { LayerNorm } from '../../torch/nn/index.js'
import type { AnyModule } from '../../torch/nn/module.js'
import { Adafactor, Adagrad, AdamW, type Optimizer, RMSprop, SGD } from '../../torch/optim/index.js'
import type { Tensor } from '../../torch/tensor.js'
import type { TrainingArguments } from './training-arguments.js'

interface Group {
  params: Tensor[]
  weight_decay: number
}

type Make = (groups: Group[], args: TrainingArguments) => Optimizer

const adamw =
  (options: { fused?: boolean; foreach?: boolean }): Make =>
  (groups, { learning_rate: lr, adam_beta1, adam_beta2, adam_epsilon: eps }) =>
    new AdamW(groups, { lr, betas: [adam_beta1, adam_beta2], eps, ...options })

const makers = {
  adamw_torch: adamw({ fused: false }),
  adamw_torch_fused: adamw({ fused: true }),
  sgd: (groups, { learning_rate: lr }) => new SGD(groups, { lr }),
  adagrad: (groups, { learning_rate: lr }) => new Adagrad(groups, { lr }),
  rmsprop: (groups, { learning_rate: lr }) => new RMSprop(groups, { lr }),
  adafactor: (groups, { learning_rate: lr }) => new Adafactor(groups, { lr }),
} as const satisfies Record<string, Make>

/** transformers OptimizerNames, those that need no further package. */
export type OptimizerName = keyof typeof makers
export const optimizerNames = Object.keys(makers) as OptimizerName[]

const withoutDecay = /bias|layernorm|rmsnorm|(?:^|\.)norm(?:$|\.)|_norm(?:$|\.)/

/** Names of the parameters that weight decay pulls: no bias, nothing of a normalization layer. */
export function get_decay_parameter_names(model: AnyModule): string[] {
  const norms = model.named_modules().filter(([, module]) => module instanceof LayerNorm)
  const ofNorm = (name: string) => norms.some(([path]) => name.startsWith(`${path}.`))
  return model
    .named_parameters()
    .map(([name]) => name)
    .filter((name) => !withoutDecay.test(name.toLowerCase()) && !ofNorm(name))
}

/** transformers Trainer.create_optimizer: two groups, with weight decay and without; frozen parameters are in neither. */
export function create_optimizer(model: AnyModule, args: TrainingArguments): Optimizer {
  const decayed = new Set(get_decay_parameter_names(model))
  const trainable = model.named_parameters().filter(([, parameter]) => parameter.requires_grad)
  const group = (inside: boolean): Tensor[] =>
    trainable.filter(([name]) => decayed.has(name) === inside).map(([, parameter]) => parameter)
  const groups = [
    { params: group(true), weight_decay: args.weight_decay },
    { params: group(false), weight_decay: 0 },
  ]
  return makers[args.optim](groups, args)
}
