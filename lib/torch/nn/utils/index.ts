/** torch.nn.utils */

export { clip_grad_norm_, clip_grad_value_, clip_grads_with_norm_, get_total_norm } from './clip-grad.js'
export { parameters_to_vector, vector_to_parameters } from './parameter-vector.js'
export * as parametrizations from './parametrizations.js'
export * as parametrize from './parametrize.js'
export * as prune from './prune.js'
export * as rnn from './rnn.js'
export { remove_weight_norm, weight_norm } from './weight-norm.js'
