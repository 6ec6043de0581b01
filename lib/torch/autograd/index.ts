/** torch.autograd */

export { enable_grad, inference_mode, no_grad, set_grad_enabled } from '../modes.js'
export { detect_anomaly, set_detect_anomaly } from './anomaly.js'
export { type BackwardOptions, backward, backwardAsync, type GradOptions, grad } from './engine.js'
export { AutogradFunction as Function, type FunctionContext } from './function.js'
export {
  type GradcheckOptions,
  type GradgradcheckOptions,
  gradcheck,
  gradgradcheck,
} from './gradcheck/index.js'
