// Checked by `npm run typecheck`, never run.

import { expectTypeOf } from 'vitest'

import { type Tensor, torch } from '../../lib/index.js'

declare const model: InstanceType<typeof torch.nn.Linear>
declare const x: Tensor

// Optimizers: parameters or groups, options by name, groups with options of their own.
const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 1e-3, betas: [0.9, 0.98] })
new torch.optim.SGD([{ params: [model.weight], lr: 0.1 }, { params: [x] }], { lr: 0.01, momentum: 0.9 })
expectTypeOf(optimizer.param_groups[0]?.lr).toEqualTypeOf<number | undefined>()
expectTypeOf(optimizer.zero_grad).returns.toEqualTypeOf<void>()
const scheduler = new torch.optim.lr_scheduler.StepLR(optimizer, 10, { gamma: 0.5 })
expectTypeOf(scheduler.get_last_lr()).toEqualTypeOf<number[]>()

// @ts-expect-error: no such option
new torch.optim.AdamW(model.parameters(), { learning_rate: 1e-3 })
// @ts-expect-error: betas are two
new torch.optim.AdamW(model.parameters(), { betas: [0.9] })
// @ts-expect-error: momentum belongs to other optimizers
new torch.optim.Adam(model.parameters(), { momentum: 0.9 })
// @ts-expect-error: parameters are required
new torch.optim.SGD()

// Data: examples and batches keep their types.
const { DataLoader, TensorDataset } = torch.utils.data
const rows = new TensorDataset(x, x)
expectTypeOf(rows.get(0)).toEqualTypeOf<[Tensor, Tensor]>()
for (const batch of new DataLoader(rows, { batch_size: 8, shuffle: true })) {
  expectTypeOf(batch).toEqualTypeOf<[Tensor, Tensor]>()
}
const texts = { length: 2, get: (index: number) => ({ text: 'abc', label: index }) }
const collated = new DataLoader(texts, { collate_fn: (examples) => examples.map(({ text }) => text) })
for (const batch of collated) expectTypeOf(batch).toEqualTypeOf<string[]>()

// @ts-expect-error: no such option
new DataLoader(rows, { batchsize: 8 })
// @ts-expect-error: a data set has a length
new DataLoader({ get: () => 1 })
