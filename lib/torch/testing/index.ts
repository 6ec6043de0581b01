/** torch.testing */

export { gradcheck, gradgradcheck } from '../autograd/gradcheck/index.js'

export { assert_close, type CompareOptions } from './assert-close.js'
export { type MakeTensorOptions, make_tensor } from './make-tensor.js'
