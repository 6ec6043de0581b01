/** torch.autograd */

export { detect_anomaly, set_detect_anomaly } from './anomaly.js'
export { type BackwardOptions, backward, backwardAsync, type GradOptions, grad } from './engine.js'
export { AutogradFunction as Function, type FunctionContext } from './function.js'
export {
  type GradcheckOptions,
  type GradgradcheckOptions,
  gradcheck,
  gradgradcheck,
} from './gradcheck/index.js'
