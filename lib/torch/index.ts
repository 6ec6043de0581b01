/** The `torch` namespace. */

import { OutOfMemoryError } from '../errors.js'
import { as_tensor, asarray } from './as-tensor.js'
import * as autograd from './autograd/index.js'
import { from_numpy, frombuffer } from './buffers.js'
import { fromTypedArray, tensor } from './creation.js'
import * as cuda from './cuda.js'
import { Device, device } from './device.js'
import * as dtypes from './dtype.js'
import { fft } from './fft.js'
import { fork_rng } from './fork-rng.js'
import * as functions from './functions/index.js'
import { defineUnreduced } from './functions/unreduced.js'
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
import { load, save } from './serialization/torch-file/index.js'
import * as settings from './settings.js'
import { disposeShared, fromShared } from './sharing.js'
import { special } from './special.js'
import { Tensor } from './tensor.js'
import * as testing from './testing/index.js'
import { finfo, iinfo } from './type-info.js'
import * as utils from './utils/index.js'

const { DType, dtypeAliases, dtypeFromCode: _, resolveDType: __, ...dtypeConstants } = dtypes

const handwritten = {
  Tensor,
  Device,
  DType,
  ...dtypeConstants,
  ...dtypeAliases,
  /** The class of dtypes, `DType`, under Python's name. */
  dtype: DType,
  finfo,
  iinfo,
  e: Math.E,
  pi: Math.PI,
  inf: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
  /** In an index: a new dimension. */
  newaxis: null,
  tensor,
  as_tensor,
  asarray,
  fromTypedArray,
  frombuffer,
  from_numpy,
  fromShared,
  disposeShared,
  slice,
  load,
  save,
  set_printoptions,
  get_printoptions,
  contiguous_format: 'torch.contiguous_format',
  preserve_format: 'torch.preserve_format',
  channels_last: 'torch.channels_last',
  channels_last_3d: 'torch.channels_last_3d',
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
  random: { ...random, fork_rng },
  ...settings,
  OutOfMemoryError,
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

defineUnreduced(handwritten)
defineFunctions(handwritten)

/** The `torch` namespace, as in Python. */
export const torch = handwritten as Torch
