/** torch.autograd */

export { type BackwardOptions, backward, backwardAsync, type GradOptions, grad } from './engine.js'
export { Function, type FunctionContext } from './function.js'
