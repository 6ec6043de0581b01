/** torch.utils */

import * as checkpoint from './checkpoint.js'

export * as data from './data.js'
export { checkpoint }
