/** Models between threads: a handle is posted, the weights stay where they are. */

import { ArgumentError } from '../../errors.js'
import { disposeShared, fromShared, type SharedTensor, type SharedToken } from '../../torch/sharing.js'
import type { Tensor } from '../../torch/tensor.js'
import type { JsonValue } from '../configuration.js'

const kind = 'robertorch.model'

/** What a handle says of its model besides the weights. */
export interface SharedDescription {
  /** Name of the class. */
  readonly model: string
  readonly config: Record<string, JsonValue>
  readonly options: { attn_implementation?: 'sdpa' | 'eager'; add_pooling_layer?: boolean }
  readonly training: boolean
  /** What a class keeps besides, under names of its own. */
  readonly beside: Record<string, unknown>
}

/** A handle as `postMessage` copies it: plain data, the methods stay behind. */
export interface SharedModelToken extends SharedDescription {
  readonly kind: string
  readonly parameters: readonly (readonly [name: string, token: SharedToken])[]
}

/**
 * What `model.share` gives: plain data to post to a worker, where `fromSharedModel` makes a model over the same weights.
 * They belong to the process until the handle was opened as often as it was made for, or disposed.
 */
export class SharedModel implements SharedModelToken, Disposable {
  readonly kind = kind
  readonly model: string
  readonly config: SharedDescription['config']
  readonly options: SharedDescription['options']
  readonly training: boolean
  readonly beside: SharedDescription['beside']
  readonly parameters: readonly (readonly [name: string, token: SharedTensor])[]

  constructor(description: SharedDescription, parameters: readonly [string, Tensor][], opens: number) {
    const { model, config, options, training, beside } = description
    this.model = model
    this.config = config
    this.options = options
    this.training = training
    this.beside = beside
    this.parameters = shareAll(parameters, opens)
  }

  /** Gives the weights up for those who have not opened the handle yet; true when there was something to give up. */
  dispose(): boolean {
    return disposeSharedModel(this)
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}

function shareAll(parameters: readonly [string, Tensor][], opens: number): [string, SharedTensor][] {
  const shared: [string, SharedTensor][] = []
  try {
    for (const [name, parameter] of parameters) shared.push([name, parameter.share(opens)])
  } catch (error) {
    for (const [, token] of shared) token.dispose()
    throw error
  }
  return shared
}

/** Gives up a handle that arrived in another thread; true when it was still waiting. */
export function disposeSharedModel(token: SharedModelToken): boolean {
  return token.parameters.map(([, shared]) => disposeShared(shared)).includes(true)
}

/** @throws ArgumentError for what is no handle. */
export function requireSharedModel(token: SharedModelToken): void {
  if (token?.kind !== kind || !Array.isArray(token.parameters))
    throw new ArgumentError('fromShared takes the handle that model.share() gave')
}

/**
 * Puts a model's parameters over the shared weights.
 *
 * @throws ArgumentError for a handle that was opened or disposed before, or whose parameters are others.
 */
export function openParameters(parameters: readonly [string, Tensor][], token: SharedModelToken): void {
  const shared = new Map(token.parameters)
  for (const [name, parameter] of parameters) {
    const own = shared.get(name)
    if (own === undefined) {
      disposeSharedModel(token)
      throw new ArgumentError(`the shared ${token.model} has no parameter ${name}`, {
        hint: 'open it with the class that it was shared from',
      })
    }
    const tensor = fromShared(own)
    parameter.data = tensor
    parameter.requires_grad = tensor.requires_grad
    tensor.dispose()
  }
}
