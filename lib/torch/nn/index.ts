/** torch.nn */

import { clip_grad_norm_ } from './clip-grad.js'

export { type IncompatibleKeys, Module, Parameter } from './module.js'

/** torch.nn.utils */
export const utils = { clip_grad_norm_ }
