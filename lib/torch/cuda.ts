/** torch.cuda: this build's view of NVIDIA devices. */

import { native } from './native.js'

/** torch.cuda.is_available: whether LibTorch's CUDA libraries are loaded and a driver answers. */
export const is_available = (): boolean => native.hasCuda()
