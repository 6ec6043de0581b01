// Checked by `npm run typecheck`, never run.

import { expectTypeOf } from 'vitest'

import { type Tensor, torch } from '../../lib/index.js'

declare const x: Tensor
declare const mask: Tensor

// Arguments by position, by name in the trailing object, with defaults left out.
expectTypeOf(torch.softmax(x, 1)).toEqualTypeOf<Tensor>()
expectTypeOf(torch.softmax(x, { dim: 1, dtype: 'float64' })).toEqualTypeOf<Tensor>()
expectTypeOf(torch.add(x, x, { alpha: 2 })).toEqualTypeOf<Tensor>()
expectTypeOf(torch.sum(x, { dim: [0, 1], keepdim: true, dtype: torch.float64 })).toEqualTypeOf<Tensor>()
expectTypeOf(torch.clamp(x, { max: 1 })).toEqualTypeOf<Tensor>()
expectTypeOf(torch.layer_norm(x, [4], null, null, 1e-5)).toEqualTypeOf<Tensor>()
expectTypeOf(torch.linalg.svd(x, { full_matrices: false })).toExtend<[Tensor, Tensor, Tensor]>()
expectTypeOf(torch.special.xlog1py(x, 2)).toEqualTypeOf<Tensor>()
expectTypeOf(torch.fft.rfft(x, { n: 8, norm: 'ortho' })).toEqualTypeOf<Tensor>()
expectTypeOf(torch.nn.functional.cross_entropy(x, x, { label_smoothing: 0.1 })).toEqualTypeOf<Tensor>()

// Overloads: a tensor, a number, sizes one by one.
expectTypeOf(torch.mul(x, 2.5)).toEqualTypeOf<Tensor>()
expectTypeOf(torch.pow(2, x)).toEqualTypeOf<Tensor>()
expectTypeOf(torch.where(mask, x, 0)).toEqualTypeOf<Tensor>()
expectTypeOf(torch.where(mask)).toEqualTypeOf<Tensor[]>()
expectTypeOf(torch.zeros(2, 3)).toEqualTypeOf<Tensor>()
expectTypeOf(torch.zeros([2, 3], { dtype: 'int64', requires_grad: true })).toEqualTypeOf<Tensor>()
expectTypeOf(torch.max(x)).toEqualTypeOf<Tensor>()
expectTypeOf(torch.max(x, 1).values).toEqualTypeOf<Tensor>()
const [values, indices] = torch.topk(x, 3, { largest: false })
expectTypeOf(values).toEqualTypeOf<Tensor>()
expectTypeOf(indices).toEqualTypeOf<Tensor>()
expectTypeOf(torch.split(x, [1, 2], { dim: 0 })).toEqualTypeOf<Tensor[]>()

// What several results are written to is a list, as in Python.
expectTypeOf(torch.add(x, x, { out: x })).toEqualTypeOf<Tensor>()
expectTypeOf(torch.sort(x, { dim: 0, out: [x, x] }).indices).toEqualTypeOf<Tensor>()

// Methods and methods in place.
expectTypeOf(x.add(1, { alpha: 2 })).toEqualTypeOf<Tensor>()
expectTypeOf(x.add_(x)).toEqualTypeOf<Tensor>()
expectTypeOf(x.view(-1, 4)).toEqualTypeOf<Tensor>()
expectTypeOf(x.sum({ dim: 0 })).toEqualTypeOf<Tensor>()
expectTypeOf(x.max(0).indices).toEqualTypeOf<Tensor>()
expectTypeOf(x.item()).toEqualTypeOf<number>()
expectTypeOf(x.equal(x)).toEqualTypeOf<boolean>()
expectTypeOf(x.shape).toEqualTypeOf<number[]>()
expectTypeOf(x.grad).toEqualTypeOf<Tensor | null>()

// Modes give the callback's result.
expectTypeOf(torch.no_grad(() => 1)).toEqualTypeOf<number>()
expectTypeOf(torch.no_grad()).toEqualTypeOf<Disposable>()

// @ts-expect-error: no such operator
torch.no_such_operator(x)
// @ts-expect-error: no such option
torch.softmax(x, { dim: 1, keepdim: true })
// @ts-expect-error: dim is required
torch.softmax(x)
// @ts-expect-error: dim is a number
torch.softmax(x, '1')
// @ts-expect-error: a tensor is no list of tensors
torch.cat(x)
// @ts-expect-error: out takes as many tensors as there are results
torch.sort(x, { out: x })
// @ts-expect-error: what ends with _ is a method
torch.add_(x, x)
// @ts-expect-error: a function without a tensor as its first parameter is no method
x.zeros(2)
// @ts-expect-error: requires_grad belongs to functions that make a tensor from nothing
torch.add(x, x, { requires_grad: true })
