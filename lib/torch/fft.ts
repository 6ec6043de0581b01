/** torch.fft: discrete Fourier transforms. */

import { operatorNamespace } from './functions/namespace.js'
import type { FftFunctions } from './generated/namespaces.js'

/** torch.fft */
export const fft = operatorNamespace<FftFunctions>('fft_')
