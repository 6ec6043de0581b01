/** torch.autograd */

export { type BackwardOptions, backward, backwardAsync, type GradOptions, grad } from './engine.js'
export { AutogradFunction as Function, type FunctionContext } from './function.js'
