import { afterEach, describe, expect, it, vi } from 'vitest'

import {
  ArgumentError,
  RobertaConfig,
  RobertaForCausalLM,
  RobertaForMaskedLM,
  RobertaForSequenceClassification,
  torch,
} from '../../../../lib/index.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'

const sizes = {
  vocab_size: 50,
  hidden_size: 32,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  intermediate_size: 48,
  max_position_embeddings: 40,
  hidden_dropout_prob: 0.2,
  attention_probs_dropout_prob: 0.3,
}
const make = (fields = {}) => {
  torch.manual_seed(7)
  return new RobertaForMaskedLM(new RobertaConfig({ ...sizes, ...fields }))
}
const input_ids = torch.randint(4, 50, [3, 12])
const labels = torch.randint(4, 50, [3, 12])

interface Result {
  loss: Tensor
  grads: (readonly [string, Tensor | null])[]
  random: Tensor
}

function gradients(model: RobertaForMaskedLM, inputs: object = {}): Result {
  model.zero_grad()
  torch.manual_seed(11)
  const { loss } = model({ input_ids, labels, ...inputs }) as { loss: Tensor }
  loss.backward()
  const grads = model.named_parameters().map(([name, { grad }]) => [name, grad] as const)
  return { loss, grads, random: torch.get_rng_state() }
}

function expectSame(a: Result, b: Result): void {
  expect(a.loss.equal(b.loss)).toBe(true)
  expect(a.random.equal(b.random)).toBe(true)
  for (const [i, [name, grad]] of a.grads.entries()) {
    const other = b.grads[i]?.[1] ?? null
    expect(grad === null || other === null ? grad === other : grad.equal(other), name).toBe(true)
  }
}

describe('gradient checkpointing', () => {
  afterEach(() => vi.restoreAllMocks())

  it.each([
    ['sdpa', {}],
    ['eager attention', { attn_implementation: 'eager' }],
    ['relative positions', { position_embedding_type: 'relative_key_query' }],
    ['chunks', { chunk_size_feed_forward: 4 }],
  ])('gives losses, gradients and random numbers to the last bit: %s', (_, fields) => {
    const model = make(fields)
    const expected = gradients(model)
    model.gradient_checkpointing_enable({ use_reentrant: false })
    expect(model.is_gradient_checkpointing).toBe(true)
    expectSame(gradients(model), expected)
    model.gradient_checkpointing_disable()
    expect(model.is_gradient_checkpointing).toBe(false)
    expectSame(gradients(model), expected)
  })

  it('is the same off the event loop', async () => {
    const model = make()
    const expected = gradients(model)
    model.gradient_checkpointing_enable()
    model.zero_grad()
    torch.manual_seed(11)
    const { loss } = (await model.forwardAsync({ input_ids, labels })) as { loss: Tensor }
    await loss.backwardAsync()
    const grads = model.named_parameters().map(([name, { grad }]) => [name, grad] as const)
    expectSame({ loss, grads, random: torch.get_rng_state() }, expected)
  })

  it('is the same under autocast, and leaves nothing to forward passes without it', () => {
    const model = make({ chunk_size_feed_forward: 4 })
    const cast = <T>(run: () => T) => torch.autocast({ dtype: torch.bfloat16 }, run)
    const expected = cast(() => gradients(model))
    // The backward pass is cast, too, or not.
    const later = () => {
      torch.manual_seed(11)
      model.zero_grad()
      const { loss } = cast(() => model({ input_ids, labels })) as { loss: Tensor }
      loss.backward()
      const grads = model.named_parameters().map(([name, { grad }]) => [name, grad] as const)
      return { loss, grads, random: torch.get_rng_state() }
    }
    const expectedLater = later()
    model.gradient_checkpointing_enable()
    expectSame(
      cast(() => gradients(model)),
      expected,
    )
    expectSame(later(), expectedLater)
    cast(() => {
      model({ input_ids, labels })
      model.gradient_checkpointing_disable()
      expectSame(gradients(model), expected)
    })
  })

  it('reaches everything that has gradients: probabilities, head masks, frozen embeddings, autograd.grad', () => {
    const model = make({ attn_implementation: 'eager' })
    const head_mask = torch.ones([3, 4], { requires_grad: true })
    model.base_model.get_input_embeddings().weight.requires_grad = false
    const [word, ...others] = model.parameters() as [Tensor, ...Tensor[]]
    word.requires_grad = false
    const run = () => {
      torch.manual_seed(3)
      const { loss, attentions } = model({ input_ids, labels, head_mask, output_attentions: true })
      const total = (attentions as readonly Tensor[]).reduce(
        (sum, p) => sum.add(p.square().sum()),
        loss as Tensor,
      )
      return torch.autograd.grad([total], [head_mask, ...others])
    }
    const expected = run()
    model.gradient_checkpointing_enable()
    for (const [i, grad] of run().entries()) expect(grad?.equal(expected[i] as Tensor)).toBe(true)
  })

  it('calls hooks on parameters once', () => {
    const model = make()
    model.gradient_checkpointing_enable()
    const hook = vi.fn()
    const parameter = model
      .named_parameters()
      .find(([name]) => name.includes('layer.1.attention.self.key.weight'))
    parameter?.[1].register_hook(hook)
    gradients(model)
    expect(hook).toHaveBeenCalledTimes(1)
  })

  it('draws other numbers the second time with preserve_rng_state: false', () => {
    const model = make()
    const expected = gradients(model)
    model.gradient_checkpointing_enable({ preserve_rng_state: false })
    const found = gradients(model)
    expect(found.loss.equal(expected.loss)).toBe(true)
    expect(found.random.equal(expected.random)).toBe(false)
  })

  it('takes less memory at the peak', () => {
    const config = {
      num_hidden_layers: 8,
      hidden_size: 64,
      intermediate_size: 256,
      max_position_embeddings: 200,
    }
    const model = make(config)
    const ids = torch.randint(4, 50, [4, 128])
    const peak = () => {
      model.zero_grad()
      return torch.scope(() => {
        const before = torch.memory.stats().cpu?.bytes as number
        torch.memory.resetPeak()
        model({ input_ids: ids, labels: ids }).loss?.backward()
        return (torch.memory.stats().cpu?.peak_bytes as number) - before
      })
    }
    const kept = peak()
    model.gradient_checkpointing_enable()
    const recomputed = peak()
    expect(recomputed).toBeLessThan(kept / 2.5)
  })

  it('lets a graph be used again, and refuses one that is gone', () => {
    const model = make()
    model.gradient_checkpointing_enable()
    const once = gradients(model)
    model.zero_grad()
    torch.manual_seed(11)
    const { loss } = model({ input_ids, labels }) as { loss: Tensor }
    loss.backward(null, { retain_graph: true })
    loss.backward()
    const key = once.grads.findIndex(([name]) => name.endsWith('key.weight'))
    const [first, twice] = [once.grads[key]?.[1], model.parameters()[key]?.grad] as [Tensor, Tensor]
    expect(twice.equal(first.mul(2))).toBe(true)
    expect(() => loss.backward()).toThrow(/second time/)
  })

  it('refuses gradients of gradients', () => {
    const model = make()
    model.gradient_checkpointing_enable()
    const { loss } = model({ input_ids, labels }) as { loss: Tensor }
    const twice = () => torch.autograd.grad([loss], model.parameters(), { create_graph: true })
    expect(twice).toThrow(/gradients of gradients/)
  })

  it('is nothing without training, and follows the base model', () => {
    const model = make().eval()
    const expected = gradients(model)
    model.base_model.gradient_checkpointing_enable()
    expect(model.is_gradient_checkpointing).toBe(true)
    expectSame(gradients(model), expected)
    model.train()
    model.base_model.eval()
    expectSame(gradients(model), expected)
  })

  it('has no cache in training: it says so once, and refuses one that is given', () => {
    const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const decoder = new RobertaForCausalLM(new RobertaConfig({ ...sizes, is_decoder: true })).train()
    const { past_key_values } = decoder({ input_ids })
    decoder.gradient_checkpointing_enable()
    expect(decoder({ input_ids }).past_key_values).toBeUndefined()
    expect(decoder({ input_ids }).past_key_values).toBeUndefined()
    expect(emitWarning).toHaveBeenCalledTimes(1)
    expect(() => decoder({ input_ids, past_key_values })).toThrow(ArgumentError)
    expect(decoder.eval()({ input_ids }).past_key_values).toHaveLength(3)
  })

  it('takes the field of old configurations, and its options by name', () => {
    const config = new RobertaConfig({ ...sizes, gradient_checkpointing: true })
    const model = new RobertaForSequenceClassification(config)
    expect(model.supports_gradient_checkpointing).toBe(true)
    expect(model.is_gradient_checkpointing).toBe(true)
    expect(config.to_dict()).not.toHaveProperty('gradient_checkpointing')
    expect(() => model.gradient_checkpointing_enable({ context_fn: 1 } as object)).toThrow(ArgumentError)
    expect(() => model.gradient_checkpointing_enable({ use_reentrant: 1 } as object)).toThrow(ArgumentError)
  })
})
