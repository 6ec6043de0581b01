/** torch.special: special functions. */

import { operatorNamespace } from './functions/namespace.js'
import type { SpecialFunctions } from './generated/namespaces.js'

/** torch.special */
export const special = operatorNamespace<SpecialFunctions>('special_')
