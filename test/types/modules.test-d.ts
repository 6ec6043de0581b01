// Checked by `npm run typecheck`, never run.

import { expectTypeOf } from 'vitest'

import { type Tensor, torch } from '../../lib/index.js'

declare const x: Tensor

class Head extends torch.nn.Module<[hidden: Tensor, scale?: number], [Tensor, number]> {
  readonly dense = new torch.nn.Linear(4, 2, { bias: false })

  override forward(hidden: Tensor, scale = 1): [Tensor, number] {
    return [this.dense(hidden).mul(scale), scale]
  }
}

// A module is called with what its forward takes, and gives what forward gives.
const head = new Head()
expectTypeOf(head(x)).toEqualTypeOf<[Tensor, number]>()
expectTypeOf(head(x, 2)).toEqualTypeOf<[Tensor, number]>()
expectTypeOf(head.dense(x)).toEqualTypeOf<Tensor>()
expectTypeOf(head.dense.bias).toEqualTypeOf<Tensor | null>()
expectTypeOf(head.train()).toExtend<Head>()
expectTypeOf(head.to('cpu')).toExtend<Head>()
expectTypeOf([...head.parameters()]).toEqualTypeOf<Tensor[]>()

// Constructors: by position, by name.
expectTypeOf(new torch.nn.Linear(4, 2, true, 'cpu', 'float64').weight).toEqualTypeOf<Tensor>()
expectTypeOf(new torch.nn.LSTM(4, 8, { batch_first: true })(x)).toExtend<[Tensor, [Tensor, Tensor]]>()
expectTypeOf(new torch.nn.CrossEntropyLoss({ label_smoothing: 0.1 })(x, x)).toEqualTypeOf<Tensor>()

// @ts-expect-error: forward takes a tensor
head('x')
// @ts-expect-error: scale is a number
head(x, '2')
// @ts-expect-error: no such option
new torch.nn.Linear(4, 2, { biases: false })
// @ts-expect-error: sizes are required
new torch.nn.Linear(4)
class _Wrong extends torch.nn.Module<[Tensor], Tensor> {
  // @ts-expect-error: forward must fit the declared types
  override forward(text: string): Tensor {
    return torch.tensor(text.length)
  }
}
// @ts-expect-error: a module without forward cannot be made
class _Without extends torch.nn.Module<[Tensor], Tensor> {}
