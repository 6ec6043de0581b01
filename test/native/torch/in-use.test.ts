import { beforeEach, describe, expect, it } from 'vitest'

import {
  ArgumentError,
  RobertaConfig,
  RobertaForSequenceClassification,
  safetensors,
  type Tensor,
  torch,
} from '../../../lib/index.js'
import { temporaryFolder } from '../io/safetensors-file.js'

const makeModel = () =>
  new RobertaForSequenceClassification(
    new RobertaConfig({
      vocab_size: 100,
      hidden_size: 32,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      intermediate_size: 64,
      max_position_embeddings: 66,
    }),
  )

let model: RobertaForSequenceClassification
let inputs: { input_ids: Tensor; labels: Tensor }
let weight: Tensor

beforeEach(() => {
  model = makeModel()
  weight = model.parameters()[0] as Tensor
  inputs = { input_ids: torch.arange(3, 35).reshape([2, 16]), labels: torch.tensor([0, 1]) }
})

const refusal = /while an asynchronous call is using the tensor[\s\S]*await/

function expectRefused(change: () => unknown): void {
  expect(change).toThrow(ArgumentError)
  expect(change).toThrow(refusal)
}

describe('while forwardAsync runs', () => {
  it.each<[string, () => unknown]>([
    ['data = …', () => (weight.data = torch.zeros([100, 32]))],
    ['requires_grad = …', () => weight.requires_grad_(false)],
    ['model.to', () => model.double()],
    ['an input resized in place', () => inputs.input_ids.resize_([1])],
    ['a parameter resized through its data', () => weight.data.resize_([1000, 1000])],
    ['an input transposed in place', () => inputs.input_ids.t_()],
    ['an input given as out=', () => torch.add(inputs.labels, 1, { out: inputs.labels })],
    ['load of other memory', () => weight.set_(torch.zeros([1]))],
  ])('refuses %s, and takes it afterwards', async (_, change) => {
    const running = model.forwardAsync(inputs)
    expectRefused(change)
    expect((await running).logits.shape).toEqual([2, 2])
    expect(() => torch.no_grad(change)).not.toThrow(refusal)
  })

  it('lets values change, other models move, and tensors be disposed', async () => {
    const other = makeModel()
    const running = model.forwardAsync(inputs)
    expect(() => other.double()).not.toThrow()
    expect(() => torch.no_grad(() => weight.mul_(1))).not.toThrow()
    expect(() => torch.zeros([3]).resize_([5])).not.toThrow()
    inputs.input_ids.dispose()
    expect((await running).logits.shape).toEqual([2, 2])
  })

  it('runs with the settings of the moment of the call', async () => {
    model.eval()
    const expected = model(inputs).logits.tolist()
    const running = model.forwardAsync(inputs)
    model.train()
    model(inputs)
    expect((await running).logits.tolist()).toEqual(expected)
  })
})

describe('while backwardAsync runs', () => {
  async function loss(): Promise<Tensor> {
    return (await model.forwardAsync(inputs)).loss as Tensor
  }

  it('refuses what the graph uses: gradients, storages, hooks', async () => {
    const running = (await loss()).backwardAsync()
    expectRefused(() => weight.grad)
    expectRefused(() => (weight.grad = null))
    expectRefused(() => model.zero_grad())
    expectRefused(() => (weight.data = torch.zeros([100, 32])))
    expectRefused(() => weight.register_hook(() => undefined))
    await running
    expect(weight.grad?.shape).toEqual([100, 32])
    expect(() => model.zero_grad()).not.toThrow()
  })

  it('refuses to reshape what a graph has saved', async () => {
    const x = torch.ones([64, 64])
    const w = torch.ones([64, 64]).requires_grad_()
    // The hook waits for this thread, and the pass behind it for the hook: what the graph saved cannot be gone already.
    const gate = torch.ones([1]).requires_grad_().mul(1)
    gate.register_hook(() => undefined)
    const first = gate.sum().backwardAsync()
    const running = x.matmul(w).sum().backwardAsync()
    expectRefused(() => x.resize_([1]))
    expectRefused(() => x.detach().resize_([1000, 1000]))
    await first
    await running
    expect(w.grad?.shape).toEqual([64, 64])
    expect(() => x.resize_([1])).not.toThrow()
  })

  it('lets another model train', async () => {
    const other = makeModel()
    const running = (await loss()).backwardAsync()
    other(inputs).loss?.backward()
    expect(other.parameters()[0]?.grad).not.toBeNull()
    other.zero_grad()
    other.double()
    await running
  })

  it('lets a hook read and change gradients: the pass waits for it', async () => {
    const x = torch.ones([2]).requires_grad_()
    const seen: unknown[] = []
    const y = x.mul(2)
    y.register_hook((grad) => {
      seen.push(x.grad)
      x.grad = torch.ones([2])
      return grad.mul(3)
    })
    await y.sum().backwardAsync()
    expect(seen).toEqual([null])
    expect(x.grad?.tolist()).toEqual([7, 7])
  })

  it('gives everything back when the pass fails', async () => {
    const x = torch.ones([2]).requires_grad_()
    const y = x.mul(2)
    y.register_hook(() => {
      throw new RangeError('of the hook')
    })
    await expect(y.sum().backwardAsync()).rejects.toThrow('of the hook')
    expect(() => (x.grad = null)).not.toThrow()
    expect(() => (x.data = torch.zeros([5]))).not.toThrow()
  })
})

it('save_file: tensors keep their storage until they are written', async () => {
  const x = torch.ones([1000])
  const saving = safetensors.save_file({ x }, `${temporaryFolder()}/x.safetensors`)
  expectRefused(() => x.resize_([1]))
  await saving
  expect(() => x.resize_([1])).not.toThrow()
})
