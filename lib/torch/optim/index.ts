/** torch.optim */

import { LambdaLR } from './lr-scheduler.js'

export { AdamW, type AdamWOptions } from './adamw.js'
export { Optimizer, type OptimizerState, type ParamGroup } from './optimizer.js'

/** torch.optim.lr_scheduler */
export const lr_scheduler = { LambdaLR }
