/** torch.nn.RNNCell, LSTMCell and GRUCell: one step of a recurrent layer. */

import { ArgumentError, ShapeError } from '../../errors.js'
import type { Tensor } from '../tensor.js'
import { type Factory, factory, named, type Rest } from './arguments.js'
import { aten } from './aten.js'
import { uniform_ } from './init.js'
import { Module } from './module.js'
import { Parameter } from './parameter.js'

interface CellOptions extends Factory {
  /** Default true. */
  bias?: boolean
}
const cellNames = ['bias', 'device', 'dtype'] as const
type CellNames = [...typeof cellNames]

/** What the cells share; `Hidden` is one state, or for an LSTM two. */
abstract class Cell<Hidden> extends Module<[input: Tensor, hx?: Hidden | null], Hidden> {
  /** (gates * hidden_size, input_size) */
  weight_ih: Tensor
  /** (gates * hidden_size, hidden_size) */
  weight_hh: Tensor
  bias_ih: Tensor | null
  bias_hh: Tensor | null

  constructor(
    readonly input_size: number,
    readonly hidden_size: number,
    gates: number,
    options: CellOptions,
  ) {
    super()
    const made = factory(options)
    const make = (...size: number[]) => Parameter(aten.empty(size, made))
    const height = gates * hidden_size
    this.weight_ih = make(height, input_size)
    this.weight_hh = make(height, hidden_size)
    this.bias_ih = (options.bias ?? true) ? make(height) : null
    this.bias_hh = (options.bias ?? true) ? make(height) : null
    this.reset_parameters()
  }

  reset_parameters(): void {
    const bound = this.hidden_size > 0 ? 1 / Math.sqrt(this.hidden_size) : 0
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound)
  }

  /** Zeros for the states of `like`, (N, hidden_size). */
  protected zeros(like: Tensor): Tensor {
    return aten.zeros([like.size(0), this.hidden_size], { dtype: like.dtype, device: like.device })
  }

  /** Runs `step` on a batch; an input of (input_size) becomes a batch of one. */
  protected batched(
    input: Tensor,
    states: readonly Tensor[],
    step: (x: Tensor, s: Tensor[]) => Tensor[],
  ): Tensor[] {
    if (input.ndim !== 1 && input.ndim !== 2) {
      throw new ShapeError(`${this.constructor.name} takes 1 or 2 dimensions, found ${input.ndim}`)
    }
    const alone = input.ndim === 1
    const wide = (tensor: Tensor) => (alone ? tensor.unsqueeze(0) : tensor)
    const x = wide(input)
    const results = step(x, states.length > 0 ? states.map(wide) : [])
    return alone ? results.map((result) => result.squeeze(0)) : results
  }

  override extra_repr(): string {
    return `${this.input_size}, ${this.hidden_size}${this.bias_ih === null ? ', bias=False' : ''}`
  }
}

interface RnnCellOptions extends CellOptions {
  /** Default tanh. */
  nonlinearity?: 'tanh' | 'relu'
}

/** torch.nn.RNNCell: (N, input_size) and (N, hidden_size) → (N, hidden_size). */
export class RNNCell extends Cell<Tensor> {
  readonly nonlinearity: 'tanh' | 'relu'

  constructor(
    input_size: number,
    hidden_size: number,
    ...rest: Rest<RnnCellOptions, ['bias', 'nonlinearity', 'device', 'dtype']>
  ) {
    const names = ['bias', 'nonlinearity', 'device', 'dtype'] as const
    const options = named<RnnCellOptions>('RNNCell', rest, names)
    const { nonlinearity = 'tanh' } = options
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new ArgumentError(`nonlinearity '${String(nonlinearity)}' is neither tanh nor relu`)
    }
    super(input_size, hidden_size, 1, options)
    this.nonlinearity = nonlinearity
  }

  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const cell = this.nonlinearity === 'tanh' ? aten.rnn_tanh_cell : aten.rnn_relu_cell
    const { weight_ih, weight_hh, bias_ih, bias_hh } = this
    return this.batched(input, hx ? [hx] : [], (x, [h]) => [
      cell(x, h ?? this.zeros(x), weight_ih, weight_hh, bias_ih, bias_hh),
    ])[0] as Tensor
  }

  override extra_repr(): string {
    return super.extra_repr() + (this.nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.nonlinearity}`)
  }
}

/** torch.nn.GRUCell: (N, input_size) and (N, hidden_size) → (N, hidden_size). */
export class GRUCell extends Cell<Tensor> {
  constructor(input_size: number, hidden_size: number, ...rest: Rest<CellOptions, CellNames>) {
    super(input_size, hidden_size, 3, named<CellOptions>('GRUCell', rest, cellNames))
  }

  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const { weight_ih, weight_hh, bias_ih, bias_hh } = this
    return this.batched(input, hx ? [hx] : [], (x, [h]) => [
      aten.gru_cell(x, h ?? this.zeros(x), weight_ih, weight_hh, bias_ih, bias_hh),
    ])[0] as Tensor
  }
}

type LstmState = [hidden: Tensor, cell: Tensor]

/** torch.nn.LSTMCell: (N, input_size) and two states (N, hidden_size) → the next two. */
export class LSTMCell extends Cell<LstmState> {
  constructor(input_size: number, hidden_size: number, ...rest: Rest<CellOptions, CellNames>) {
    super(input_size, hidden_size, 4, named<CellOptions>('LSTMCell', rest, cellNames))
  }

  override forward(input: Tensor, hx: LstmState | null = null): LstmState {
    const { weight_ih, weight_hh, bias_ih, bias_hh } = this
    return this.batched(input, hx ?? [], (x, states) => {
      const given = states.length > 0 ? states : [this.zeros(x), this.zeros(x)]
      return aten.lstm_cell(x, given, weight_ih, weight_hh, bias_ih, bias_hh)
    }) as LstmState
  }
}
