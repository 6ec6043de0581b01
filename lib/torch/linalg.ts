/** torch.linalg: linear algebra: decompositions, solvers, norms, inverses. */

import { operatorNamespace } from './functions/namespace.js'
import type { LinalgFunctions } from './generated/namespaces.js'

/** torch.linalg */
export const linalg = operatorNamespace<LinalgFunctions>('linalg_')
