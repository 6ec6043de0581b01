/** torch.linalg: linear algebra: decompositions, solvers, norms, inverses. */

import { LinAlgError } from '../errors.js'
import { operatorNamespace } from './functions/namespace.js'
import type { LinalgFunctions } from './generated/namespaces.js'

/** torch.linalg */
export const linalg: LinalgFunctions & { readonly LinAlgError: typeof LinAlgError } = Object.assign(
  operatorNamespace<LinalgFunctions>('linalg_'),
  { LinAlgError },
)
