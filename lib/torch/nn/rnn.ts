/** torch.nn: recurrent layers. LSTM, GRU and RNN share their parameters' names, initial values and printing. */

import { ArgumentError, ShapeError } from '../../errors.js'
import type { Tensor } from '../tensor.js'
import { type Factory, factory, named, type Rest } from './arguments.js'
import { aten } from './aten.js'
import { uniform_ } from './init.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'
import { pythonFloat } from './python-repr.js'

export interface RecurrentOptions extends Factory {
  /** Default 1. */
  num_layers?: number
  /** Default true. */
  bias?: boolean
  /** Inputs are (N, L, H) instead of (L, N, H). */
  batch_first?: boolean
  /** After each layer but the last; default 0. */
  dropout?: number
  /** Also runs from the end to the start. */
  bidirectional?: boolean
}
const names = ['num_layers', 'bias', 'batch_first', 'dropout', 'bidirectional', 'device', 'dtype'] as const
type Names = typeof names

export interface LSTMOptions extends RecurrentOptions {
  /** Width of a projection of the hidden state; 0 (default): none. */
  proj_size?: number
}
const lstmNames = [
  'num_layers',
  'bias',
  'batch_first',
  'dropout',
  'bidirectional',
  'proj_size',
  'device',
  'dtype',
] as const
type LSTMNames = typeof lstmNames

type Operator = (
  input: Tensor,
  hx: Tensor,
  params: readonly Tensor[],
  has_biases: boolean,
  num_layers: number,
  dropout: number,
  train: boolean,
  bidirectional: boolean,
  batch_first: boolean,
) => [Tensor, Tensor]

/** What the recurrent layers share. `Hidden` is one state, or for an LSTM two. */
abstract class RNNBase<Hidden> extends Module<
  [input: Tensor, hx?: Hidden | null],
  [output: Tensor, hidden: Hidden]
> {
  readonly num_layers: number
  readonly bias: boolean
  readonly batch_first: boolean
  readonly dropout: number
  readonly bidirectional: boolean
  readonly proj_size: number
  #names: string[] = []

  protected constructor(
    gates: number,
    readonly input_size: number,
    readonly hidden_size: number,
    options: LSTMOptions,
  ) {
    super()
    const { num_layers = 1, dropout = 0, proj_size = 0 } = options
    for (const [name, value] of Object.entries({ input_size, hidden_size, num_layers })) {
      if (!Number.isInteger(value) || value <= 0)
        throw new ArgumentError(`${name} must be greater than 0, got ${value}`)
    }
    if (!(dropout >= 0 && dropout <= 1))
      throw new ArgumentError(`dropout must lie between 0 and 1, got ${dropout}`)
    if (proj_size < 0 || proj_size >= hidden_size) {
      throw new ArgumentError(`proj_size ${proj_size} must be 0 or smaller than hidden_size ${hidden_size}`)
    }
    this.num_layers = num_layers
    this.bias = options.bias ?? true
    this.batch_first = options.batch_first ?? false
    this.dropout = dropout
    this.bidirectional = options.bidirectional ?? false
    this.proj_size = proj_size
    this.#makeParameters(gates * hidden_size, factory(options))
    this.reset_parameters()
  }

  #makeParameters(rows: number, made: ReturnType<typeof factory>): void {
    const { input_size, hidden_size, proj_size } = this
    const state = proj_size || hidden_size
    for (let layer = 0; layer < this.num_layers; layer++) {
      const inputs = layer === 0 ? input_size : state * this.directions
      for (const suffix of this.bidirectional ? ['', '_reverse'] : ['']) {
        const shapes: [string, number[]][] = [
          ['weight_ih', [rows, inputs]],
          ['weight_hh', [rows, state]],
          ...(this.bias
            ? ([
                ['bias_ih', [rows]],
                ['bias_hh', [rows]],
              ] as [string, number[]][])
            : []),
          ...(proj_size > 0 ? ([['weight_hr', [proj_size, hidden_size]]] as [string, number[]][]) : []),
        ]
        for (const [kind, shape] of shapes) {
          const name = `${kind}_l${layer}${suffix}`
          this.register_parameter(name, Parameter(aten.empty(shape, made)))
          this.#names.push(name)
        }
      }
    }
  }

  protected get directions(): number {
    return this.bidirectional ? 2 : 1
  }

  /** The parameters in the order of the operators: by layer, then direction. */
  protected get flatWeights(): Tensor[] {
    return this.#names.map((name) => this.get_parameter(name))
  }

  reset_parameters(): void {
    const bound = 1 / Math.sqrt(this.hidden_size)
    for (const weight of this.flatWeights) uniform_(weight, -bound, bound)
  }

  /** Adds a batch of one where there is none. */
  protected batched(input: Tensor): Tensor {
    if (input.ndim !== 2 && input.ndim !== 3) {
      throw new ShapeError(`${this.constructor.name} takes 2 or 3 dimensions, found ${input.ndim}`)
    }
    if (input.size(-1) !== this.input_size) {
      throw new ShapeError(`input has width ${input.size(-1)}, input_size is ${this.input_size}`)
    }
    return input.ndim === 3 ? input : input.unsqueeze(this.batch_first ? 0 : 1)
  }

  /** A state (layers * directions, N, width) for a batched input: the given one, checked, or zeros. */
  protected state(input: Tensor, given: Tensor | undefined, width: number, unbatched: boolean): Tensor {
    const shape = [this.num_layers * this.directions, input.size(this.batch_first ? 0 : 1), width]
    if (!given) return aten.zeros(shape, { dtype: input.dtype, device: input.device })
    const state = unbatched ? given.unsqueeze(1) : given
    if (String(state.shape) !== String(shape)) {
      throw new ShapeError(`the hidden state is (${state.shape}), expected (${shape})`)
    }
    return state
  }

  /** One step of the recurrent operators that have one hidden state. */
  protected run(operator: Operator, input: Tensor, hx: Tensor | null | undefined): [Tensor, Tensor] {
    const { bias, num_layers, dropout, training, bidirectional, batch_first } = this
    const unbatched = input.ndim === 2
    const wide = this.batched(input)
    const state = this.state(wide, hx ?? undefined, this.hidden_size, unbatched)
    const [output, hidden] = operator(
      wide,
      state,
      this.flatWeights,
      bias,
      num_layers,
      dropout,
      training,
      bidirectional,
      batch_first,
    )
    return unbatched ? [output.squeeze(batch_first ? 0 : 1), hidden.squeeze(1)] : [output, hidden]
  }

  override extra_repr(): string {
    const parts = [`${this.input_size}, ${this.hidden_size}`]
    if (this.proj_size !== 0) parts.push(`proj_size=${this.proj_size}`)
    if (this.num_layers !== 1) parts.push(`num_layers=${this.num_layers}`)
    if (!this.bias) parts.push('bias=False')
    if (this.batch_first) parts.push('batch_first=True')
    if (this.dropout !== 0) parts.push(`dropout=${pythonFloat(this.dropout)}`)
    if (this.bidirectional) parts.push('bidirectional=True')
    return parts.join(', ')
  }
}

/** torch.nn.LSTM: (L, N, input_size) → [(L, N, directions * hidden), [h, c]] with states (layers * directions, N, hidden). */
export class LSTM extends RNNBase<[h: Tensor, c: Tensor]> {
  constructor(input_size: number, hidden_size: number, ...rest: Rest<LSTMOptions, LSTMNames>) {
    super(4, input_size, hidden_size, named<LSTMOptions>('LSTM', rest, lstmNames))
  }

  override forward(input: Tensor, hx?: [h: Tensor, c: Tensor] | null): [Tensor, [Tensor, Tensor]] {
    const { bias, num_layers, dropout, training, bidirectional, batch_first } = this
    const unbatched = input.ndim === 2
    const wide = this.batched(input)
    const states = [
      this.state(wide, hx?.[0], this.proj_size || this.hidden_size, unbatched),
      this.state(wide, hx?.[1], this.hidden_size, unbatched),
    ]
    const [output, h, c] = aten.lstm(
      wide,
      states,
      this.flatWeights,
      bias,
      num_layers,
      dropout,
      training,
      bidirectional,
      batch_first,
    )
    if (!unbatched) return [output, [h, c]]
    return [output.squeeze(batch_first ? 0 : 1), [h.squeeze(1), c.squeeze(1)]]
  }
}

/** torch.nn.GRU: (L, N, input_size) → [(L, N, directions * hidden), h (layers * directions, N, hidden)]. */
export class GRU extends RNNBase<Tensor> {
  constructor(input_size: number, hidden_size: number, ...rest: Rest<RecurrentOptions, Names>) {
    super(3, input_size, hidden_size, named<RecurrentOptions>('GRU', rest, names))
  }

  override forward(input: Tensor, hx?: Tensor | null): [Tensor, Tensor] {
    return this.run(aten.gru, input, hx)
  }
}

interface RNNOptions extends RecurrentOptions {
  /** Default tanh. */
  nonlinearity?: 'tanh' | 'relu'
}
const rnnNames = [
  'num_layers',
  'nonlinearity',
  'bias',
  'batch_first',
  'dropout',
  'bidirectional',
  'device',
  'dtype',
] as const
type RNNNames = typeof rnnNames

/** torch.nn.RNN (Elman): (L, N, input_size) → [(L, N, directions * hidden), h (layers * directions, N, hidden)]. */
export class RNN extends RNNBase<Tensor> {
  readonly nonlinearity: 'tanh' | 'relu'

  constructor(input_size: number, hidden_size: number, ...rest: Rest<RNNOptions, RNNNames>) {
    const { nonlinearity = 'tanh', ...options } = named<RNNOptions>('RNN', rest, rnnNames)
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new ArgumentError(`nonlinearity '${nonlinearity}' is neither 'tanh' nor 'relu'`)
    }
    super(1, input_size, hidden_size, options)
    this.nonlinearity = nonlinearity
  }

  override forward(input: Tensor, hx?: Tensor | null): [Tensor, Tensor] {
    return this.run(this.nonlinearity === 'tanh' ? aten.rnn_tanh : aten.rnn_relu, input, hx)
  }
}
