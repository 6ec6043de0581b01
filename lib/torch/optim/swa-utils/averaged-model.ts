/** torch.optim.swa_utils.AveragedModel: a model whose parameters are an average over training. */

import { ArgumentError } from '../../../errors.js'
import type { DeviceLike } from '../../device.js'
import { no_grad } from '../../modes.js'
import { Module } from '../../nn/module.js'
import { operator } from '../../operators.js'
import { get_rng_state, set_rng_state } from '../../random.js'
import type { Tensor } from '../../tensor.js'
import { type AvgFn, get_swa_avg_fn, type MultiAvgFn } from './averages.js'

export interface AveragedModelOptions<Model> {
  /**
   * The instance that holds the averages: another one of the model's class, whose parameters are overwritten. Models
   * with a `config` need none: one is made from it. (Python copies the model; JavaScript cannot copy any object.)
   */
  module?: Model
  device?: DeviceLike
  /** How one parameter is averaged; default the equal mean. */
  avg_fn?: AvgFn
  /** How lists of parameters are averaged, in place. */
  multi_avg_fn?: MultiAvgFn
  /** Average buffers too, instead of copying them. */
  use_buffers?: boolean
}

type Forward<Model> = Model extends Module<infer Inputs, infer Output> ? [Inputs, Output] : never
const zeros = operator<(size: number[], options: object) => Tensor>('aten::zeros')

/** Called as the model is; `update_parameters(model)` takes the model's present parameters into the average. */
export class AveragedModel<Model extends Module> extends Module<Forward<Model>[0], Forward<Model>[1]> {
  readonly module: Model
  /** How many models went into the average: int64 (). */
  declare readonly n_averaged: Tensor
  readonly #options: AveragedModelOptions<Model>

  /** @throws ArgumentError for both functions, or when no second instance is given or can be made. */
  constructor(model: Model, options: AveragedModelOptions<Model> = {}) {
    if (options.avg_fn && options.multi_avg_fn) {
      throw new ArgumentError('only one of avg_fn and multi_avg_fn should be given')
    }
    super()
    this.module = options.module ?? another(model)
    if ((this.module as Module) === (model as Module)) {
      throw new ArgumentError('`module` must be another instance than the model that is trained')
    }
    this.module.load_state_dict(model.state_dict())
    this.module.train(model.training)
    if (options.device !== undefined) this.module.to(options.device)
    this.register_buffer('n_averaged', zeros([], { dtype: 'int64', device: options.device ?? 'cpu' }))
    this.#options = options
  }

  override forward(...inputs: Forward<Model>[0]): Forward<Model>[1] {
    return this.module.forward(...(inputs as never[]))
  }

  /** Takes the model's parameters into the average; the first time it copies them. */
  update_parameters(model: Module): void {
    const use = this.#options.use_buffers ?? false
    const listed = (of: Module) => (use ? [...of.parameters(), ...of.buffers()] : of.parameters())
    const averages = listed(this.module).map((tensor) => tensor.detach())
    const currents = listed(model).map((tensor, i) =>
      tensor.detach().to({ device: (averages[i] as Tensor).device }),
    )
    const count = this.n_averaged.item()
    no_grad(() => {
      if (count === 0) copyAll(averages, currents)
      else this.#average(averages, currents, count)
      if (!use) copyAll(this.module.buffers(), model.buffers())
      this.n_averaged.add_(1)
    })
  }

  #average(averages: Tensor[], currents: Tensor[], count: number): void {
    const { avg_fn = get_swa_avg_fn(), multi_avg_fn } = this.#options
    if (!multi_avg_fn) {
      copyAll(
        averages,
        averages.map((average, i) => avg_fn(average, currents[i] as Tensor, count)),
      )
      return
    }
    // Averages of whole numbers go another way than those of fractions.
    for (const kind of new Set(averages.map((average) => String(average.dtype)))) {
      const of = (list: Tensor[]) => list.filter((_, i) => String((averages[i] as Tensor).dtype) === kind)
      multi_avg_fn(of(averages), of(currents), count)
    }
  }
}

/** Another model from the same configuration. Its first weights are overwritten: their random numbers are given back. */
function another<Model extends Module>(model: Model): Model {
  if (!('config' in model)) {
    throw new ArgumentError(`${model.constructor.name} cannot be copied`, {
      hint: 'pass a second instance that is made in the same way: new AveragedModel(model, { module: … })',
    })
  }
  const state = get_rng_state()
  try {
    return new (model.constructor as new (config: unknown) => Model)(model.config)
  } finally {
    set_rng_state(state)
  }
}

function copyAll(targets: readonly Tensor[], sources: readonly Tensor[]): void {
  targets.forEach((target, i) => {
    target.detach().copy_(sources[i] as Tensor)
  })
}
