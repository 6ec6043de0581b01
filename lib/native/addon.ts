/**
 * The main addon as it is: one line for each function of native/bindings. Only lib/torch and lib/transformers call
 * it; every failure is a typed error of lib/errors.ts.
 */

import type { Tensor } from '../torch/tensor.js'

/** An operator of LibTorch's dispatcher: arguments as in Python, keyword arguments in a trailing plain object. */
export type OperatorFunction = (...args: never[]) => unknown

/** One overload of an operator, as the types in lib/torch/generated are made from it. */
export interface OperatorSchema {
  schema: string
  parameters: {
    name: string
    type: string
    optional: boolean
    keywordOnly: boolean
    required: boolean
    out: boolean
    fixedLength: number
    unsupported: boolean
  }[]
  /** Index of the parameter that is returned itself (in-place operators), or -1. */
  returnsArgument: number
  returns: { name: string; type: string }[]
}

export interface RuntimeInfo {
  compiledTorchVersion: string
  config: string
  cpuCapability: string
  parallel: string
  malloc: string
}

/** One decoder layer's keys and values, each (batch, heads, tokens, head size), and those of cross-attention. */
export type LayerCache =
  | readonly [key: Tensor, value: Tensor]
  | readonly [key: Tensor, value: Tensor, crossKey: Tensor, crossValue: Tensor]

/** What a native forward pass takes; absent fields are left out. */
export interface NativeInputs {
  input_ids?: Tensor
  attention_mask?: Tensor
  token_type_ids?: Tensor
  position_ids?: Tensor
  inputs_embeds?: Tensor
  head_mask?: Tensor
  encoder_hidden_states?: Tensor
  encoder_attention_mask?: Tensor
  past_key_values?: readonly LayerCache[]
  labels?: Tensor
  sentence_label?: Tensor
  start_positions?: Tensor
  end_positions?: Tensor
  use_cache?: boolean
  output_hidden_states?: boolean
  output_attentions?: boolean
  /** Of the head, and of what it stands on. */
  training: boolean
  encoder_training: boolean
  gradient_checkpointing: boolean
  preserve_rng_state: boolean
  problem_type: string | null
}

/** What it gives; fields that the head does not have are absent. */
export interface NativeOutputs {
  loss?: Tensor
  /** What the labels of a sequence classification decided, or the input's. */
  problem_type?: string
  logits?: Tensor
  start_logits?: Tensor
  end_logits?: Tensor
  prediction_logits?: Tensor
  sentence_logits?: Tensor
  last_hidden_state?: Tensor
  pooler_output?: Tensor
  past_key_values?: LayerCache[]
  hidden_states?: Tensor[]
  attentions?: Tensor[]
  cross_attentions?: Tensor[]
}

/** Tensors in order of their data, and metadata. */
export interface NativeSafetensors {
  tensors: [string, Tensor][]
  metadata: Record<string, string>
}

declare const handle: unique symbol
/** A native model; only this file's functions can look inside. */
export interface NativeModel {
  readonly [handle]: 'model'
}
/** A native random number generator. */
export interface NativeGenerator {
  readonly [handle]: 'generator'
}

/** What the tensors of one device cost; see lib/torch/memory. */
export interface DeviceFigures {
  /** Live tensor objects of this thread, and the most there were. */
  tensors: number
  peak_tensors: number
  /** Storages behind this thread's tensors: views share one. */
  storages: number
  /**
   * Allocated by the whole process, what autograd alone still holds included, and the most that was. Mapped weights
   * files are not allocated and do not count; tensors on `meta` have no bytes.
   */
  bytes: number
  peak_bytes: number
  /** Live blocks of memory behind `bytes`. */
  allocations: number
}

export interface Native {
  // runtime.cpp
  runtimeInfo(): RuntimeInfo
  getNumThreads(): number
  setNumThreads(threads: number): void
  manualSeed(seed: number | bigint): void
  hasCuda(): boolean
  memory(): Record<string, DeviceFigures>
  resetPeakMemory(): void
  /** Waits for the asynchronous call under way and drops those still queued; only for the end of the process. */
  shutDown(): void
  setErrorFactory(factory: (kind: string, message: string, hint: string, trace: string) => Error): void

  // settings.cpp
  defaultDtype(): number
  setDefaultDtype(dtype: unknown): void
  deterministic(): { enabled: boolean; warnOnly: boolean }
  setDeterministic(enabled: boolean, warnOnly: boolean): void
  matmulPrecision(): string
  setMatmulPrecision(precision: string): void
  setFlushDenormal(mode: boolean): boolean
  interopThreads(): number
  setInteropThreads(threads: number): void
  warnAlways(): boolean
  setWarnAlways(always: boolean): void
  autocastEnabled(device: unknown): boolean
  autocastDtype(device: unknown): number

  // tensor.cpp
  setTensorClass(tensorClass: object): void
  shape(tensor: Tensor): number[]
  strides(tensor: Tensor): number[]
  dtypeCode(tensor: Tensor): number
  deviceName(tensor: Tensor): string
  layout(tensor: Tensor): string
  storageOffset(tensor: Tensor): number
  storageId(tensor: Tensor): bigint
  dataPointer(tensor: Tensor): number
  isTensor(value: unknown): boolean
  isDisposed(tensor: Tensor): boolean
  dispose(tensor: Tensor): void
  enterScope(): number
  exitScope(keep: unknown[], depth: number): void
  sweep(): void
  liveTensors(): [tensor: Tensor, bytes: number][]

  // data.cpp
  fromBytes(data: ArrayBufferView | ArrayBuffer, shape: readonly number[], dtype: unknown): Tensor
  toBytes(tensor: Tensor): ArrayBuffer
  fromView(view: ArrayBufferView, elements: number, dtype: unknown): Tensor
  memoryOf(tensor: Tensor): ArrayBuffer
  item(tensor: Tensor): number | bigint | boolean | { re: number; im: number }

  // indexing.cpp
  getItem(tensor: Tensor, indices: readonly unknown[]): Tensor
  setItem(tensor: Tensor, indices: readonly unknown[], value: unknown): void

  // sharing.cpp
  shareTensor(tensor: Tensor, opens: number): string
  openShared(id: string): Tensor
  closeShared(id: string): boolean
  sharedTensors(): number

  // operators.cpp
  operatorNames(): string[]
  operatorSchemas(name: string): OperatorSchema[]
  operatorFunction(name: string): OperatorFunction
  operatorMethod(name: string): OperatorFunction

  // autograd.cpp
  requiresGrad(tensor: Tensor): boolean
  setRequiresGrad(tensor: Tensor, requiresGrad: boolean): void
  grad(tensor: Tensor): Tensor | null
  setGrad(tensor: Tensor, grad: Tensor | null): void
  isLeaf(tensor: Tensor): boolean
  gradFnName(tensor: Tensor): string | null
  data(tensor: Tensor): Tensor
  setData(tensor: Tensor, data: Tensor): void
  backward(
    tensors: Tensor[],
    gradients: (Tensor | null)[],
    retain: boolean,
    create: boolean,
    inputs: Tensor[],
  ): void
  backwardAsync(
    tensors: Tensor[],
    gradients: (Tensor | null)[],
    retain: boolean,
    create: boolean,
    inputs: Tensor[],
  ): Promise<void>
  gradients(
    outputs: Tensor[],
    inputs: Tensor[],
    gradients: (Tensor | null)[],
    retain: boolean,
    create: boolean,
    allowUnused: boolean,
  ): (Tensor | null)[]
  isGradEnabled(): boolean
  isInferenceMode(): boolean
  /** null: off; otherwise whether gradients are checked for NaN. */
  anomalyMode(): boolean | null
  enterGuard(kind: 'grad' | 'inference', enabled: boolean): number
  enterGuard(kind: 'anomaly', enabled: boolean, checkNan: boolean): number
  enterGuard(kind: 'autocast', device: unknown, dtype: unknown, enabled: boolean): number
  leaveGuard(depth: number): void

  // hooks.cpp
  registerHook(tensor: Tensor, hook: (grads: Tensor) => Tensor | null | undefined): number
  removeHook(tensor: Tensor, hook: number): void
  registerPostAccumulateHook(tensor: Tensor, hook: (tensor: Tensor) => void): number
  removePostAccumulateHook(tensor: Tensor, hook: number): void
  retainGrad(tensor: Tensor): void
  version(tensor: Tensor): number
  attachFunction(
    name: string,
    inputs: Tensor[],
    outputs: Tensor[],
    backward: (...grads: (Tensor | null)[]) => (Tensor | null | undefined)[],
  ): void

  // generator.cpp
  createGenerator(): NativeGenerator
  defaultGenerator(): NativeGenerator
  generatorSeed(generator: NativeGenerator, seed: number | bigint): void
  generatorInitialSeed(generator: NativeGenerator): bigint
  generatorGetState(generator: NativeGenerator): Tensor
  generatorSetState(generator: NativeGenerator, state: Tensor): void

  // safetensors.cpp
  loadSafetensors(path: string): Promise<NativeSafetensors>
  parseSafetensors(bytes: ArrayBufferView | ArrayBuffer): NativeSafetensors
  saveSafetensors(path: string, tensors: [string, Tensor][], metadata: Record<string, string>): Promise<void>
  serializeSafetensors(tensors: [string, Tensor][], metadata: Record<string, string>): ArrayBuffer

  // mapped.cpp
  mapFile(path: string): Promise<Tensor>
  storageOver(tensor: Tensor, begin: number, length: number): Tensor
  wholeStorage(tensor: Tensor): Tensor
  /** Gives back the memory of a tensor that lies in a file's mapping; what was written to it is lost. */
  forgetPages(tensor: Tensor): boolean

  // model.cpp
  createModel(head: string, addPooler: boolean, config: object, initialize: boolean): NativeModel
  /** The model without its head, over the same weights. */
  modelBase(model: NativeModel): NativeModel
  modelPruneHeads(model: NativeModel, heads: Readonly<Record<number, readonly number[]>>): void
  modelParameters(model: NativeModel): [string, Tensor][]
  modelInitialize(model: NativeModel, names: string[]): void
  modelInputEmbeddings(model: NativeModel): Tensor
  modelOutputEmbeddings(model: NativeModel): Tensor | null
  modelForward(model: NativeModel, inputs: NativeInputs): NativeOutputs
  modelForwardAsync(model: NativeModel, inputs: NativeInputs): Promise<NativeOutputs>
}
