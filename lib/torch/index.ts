/** The `torch` namespace. */

import * as autograd from './autograd/index.js'
import { from_numpy, frombuffer } from './buffers.js'
import { fromTypedArray, tensor } from './creation.js'
import * as cuda from './cuda.js'
import { Device, device } from './device.js'
import * as dtypes from './dtype.js'
import { fft } from './fft.js'
import * as functions from './functions/index.js'
import type { TorchFunctions } from './generated/torch-functions.js'
import { slice } from './indexing/slice.js'
import { linalg } from './linalg.js'
import { memory } from './memory/index.js'
import * as modes from './modes.js'
import { native } from './native.js'
import * as nn from './nn/index.js'
import { defineFunctions } from './operators.js'
import { ops } from './ops.js'
import * as optim from './optim/index.js'
import { get_printoptions, set_printoptions } from './printing/options.js'
import * as random from './random.js'
import { disposeShared, fromShared } from './sharing.js'
import { special } from './special.js'
import { Tensor } from './tensor.js'
import * as testing from './testing/index.js'
import { finfo, iinfo } from './type-info.js'
import * as utils from './utils/index.js'

const { DType, dtypeFromCode: _, resolveDType: __, ...dtypeConstants } = dtypes

const handwritten = {
  Tensor,
  Device,
  DType,
  ...dtypeConstants,
  float: dtypes.float32,
  double: dtypes.float64,
  half: dtypes.float16,
  long: dtypes.int64,
  int: dtypes.int32,
  short: dtypes.int16,
  finfo,
  iinfo,
  tensor,
  fromTypedArray,
  frombuffer,
  from_numpy,
  fromShared,
  disposeShared,
  slice,
  set_printoptions,
  get_printoptions,
  strided: 'torch.strided',
  sparse_coo: 'torch.sparse_coo',
  sparse_csr: 'torch.sparse_csr',
  sparse_csc: 'torch.sparse_csc',
  sparse_bsr: 'torch.sparse_bsr',
  sparse_bsc: 'torch.sparse_bsc',
  device,
  ...functions,
  ...modes,
  ...random,
  memory,
  /** `torch.memory.resetPeak`. */
  resetPeakMemory: memory.resetPeak,
  /** torch.is_tensor */
  is_tensor: (value: unknown): value is Tensor => native.isTensor(value),
  /** torch.get_num_threads: threads that one operator may use. */
  get_num_threads: (): number => native.getNumThreads(),
  /** torch.set_num_threads */
  set_num_threads: (threads: number): void => native.setNumThreads(threads),
  /** LibTorch's version. */
  __version__: native.runtimeInfo().compiledTorchVersion,
  autograd,
  cuda,
  fft,
  linalg,
  nn,
  ops,
  optim,
  special,
  testing,
  utils,
}

/** Names that are written by hand here, so that no operator type is generated for them. */
export const handwrittenFunctions: ReadonlySet<string> = new Set(Object.keys(handwritten))

/** Everything of `torch`: hand-written functions, and the operators of LibTorch's dispatcher. */
export type Torch = typeof handwritten & TorchFunctions

defineFunctions(handwritten)

/** The `torch` namespace, as in Python. */
export const torch = handwritten as Torch
