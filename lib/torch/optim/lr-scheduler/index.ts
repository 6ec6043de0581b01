/** torch.optim.lr_scheduler */

export { ChainedScheduler, SequentialLR } from './combined.js'
export {
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  type CosineOptions,
  type WarmRestartOptions,
} from './cosine.js'
export { CyclicLR, type CyclicOptions } from './cyclic.js'
export { ExponentialLR, type GammaOptions, MultiStepLR, StepLR } from './decay.js'
export { LambdaLR, type LrLambda, MultiplicativeLR } from './lambda.js'
export { OneCycleLR, type OneCycleOptions } from './one-cycle.js'
export { type PlateauOptions, ReduceLROnPlateau } from './plateau.js'
export {
  ConstantLR,
  type ConstantOptions,
  LinearLR,
  type LinearOptions,
  PolynomialLR,
  type PolynomialOptions,
} from './ramp.js'
export { LRScheduler, Schedule, type SchedulerOptions, type SchedulerState } from './scheduler.js'
