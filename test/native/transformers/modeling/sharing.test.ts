import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

import { describe, expect, it } from 'vitest'

import {
  ArgumentError,
  DisposedError,
  fromSharedModel,
  RobertaConfig,
  RobertaForCausalLM,
  RobertaForMaskedLM,
  type SharedModelToken,
  torch,
} from '../../../../lib/index.js'
import { packageRoot } from '../../../../lib/native/paths.js'
import { native } from '../../../../lib/torch/native.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'
import { tinyModels } from '../../roberta/reference.js'

/** As a worker gets it. */
const posted = (token: SharedModelToken) => structuredClone(token)

const sizes = {
  vocab_size: 50,
  hidden_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 24,
  max_position_embeddings: 20,
}
const make = (fields = {}) => new RobertaForMaskedLM(new RobertaConfig({ ...sizes, ...fields }))
const input_ids = torch.tensor([[3, 7, 9, 2]])
const before = torch.memory().shared

describe('a shared model', () => {
  it.each(tinyModels)(
    'has the storages, the class and the configuration of its origin: $name',
    async (tiny) => {
      const model = await tiny.Class.from_pretrained(tiny.folder, {
        attn_implementation: 'eager',
        custom: [1],
      })
      const opened = fromSharedModel(posted(model.share()))
      expect(opened).toBeInstanceOf(tiny.Class)
      expect(opened.config.to_dict()).toEqual(model.config.to_dict())
      const own = opened.named_parameters()
      for (const [i, [name, parameter]] of model.named_parameters().entries()) {
        expect(own[i]?.[0]).toBe(name)
        expect(native.storageId(own[i]?.[1] as Tensor)).toBe(native.storageId(parameter))
      }
      expect(torch.memory().shared).toBe(before)
    },
  )

  it('keeps mode, ties, frozen parameters, a resized vocabulary and dtype', () => {
    for (const tie_word_embeddings of [true, false]) {
      const model = make({ tie_word_embeddings }).to('bfloat16').train()
      model.resize_token_embeddings(60)
      model.get_input_embeddings().weight.requires_grad = false
      const opened = RobertaForMaskedLM.fromShared(posted(model.share()))
      expect(opened.training).toBe(true)
      expect(opened.dtype).toBe(torch.bfloat16)
      expect(opened.get_input_embeddings().weight.requires_grad).toBe(false)
      expect(opened.get_output_embeddings()?.weight === opened.get_input_embeddings().weight).toBe(
        tie_word_embeddings,
      )
      expect(opened.eval()({ input_ids }).logits.equal(model.eval()({ input_ids }).logits)).toBe(true)
    }
  })

  it('keeps how it generates', () => {
    const model = new RobertaForCausalLM(new RobertaConfig({ ...sizes, is_decoder: true }))
    model.generation_config.max_new_tokens = 3
    const opened = RobertaForCausalLM.fromShared(posted(model.share()))
    expect(opened.generation_config).toMatchObject({ max_new_tokens: 3, eos_token_id: 2 })
  })

  it('sees changes of the other, and has gradients of its own', () => {
    const model = make().eval()
    const opened = RobertaForMaskedLM.fromShared(posted(model.share()))
    opened({ input_ids, labels: input_ids }).loss?.backward()
    expect(model.parameters().every(({ grad }) => grad === null)).toBe(true)
    new torch.optim.SGD(opened.parameters(), { lr: 0.1 }).step()
    expect(model({ input_ids }).logits.equal(opened({ input_ids }).logits)).toBe(true)
  })

  it('refuses what is no handle, another class, and a handle that was opened', () => {
    const model = make()
    const token = posted(model.share())
    expect(() => RobertaForCausalLM.fromShared(token)).toThrow(
      /a RobertaForMaskedLM, not a RobertaForCausalLM/,
    )
    RobertaForMaskedLM.fromShared(token)
    expect(() => fromSharedModel(token)).toThrow(ArgumentError)
    expect(() => fromSharedModel({} as SharedModelToken)).toThrow(/no model class 'undefined'/)
    const given = model.share(2)
    expect(given.dispose()).toBe(true)
    expect(given.dispose()).toBe(false)
    expect(() => fromSharedModel(given)).toThrow(ArgumentError)
    expect(torch.memory().shared).toBe(before)
  })

  it('releases the weights when the last one is disposed, and refuses to be used then', () => {
    const bytes = () => torch.memory().devices.cpu?.bytes as number
    const start = bytes()
    const model = make({ vocab_size: 5000 })
    const opened = RobertaForMaskedLM.fromShared(posted(model.share()))
    const weights = model.get_memory_footprint()
    expect(bytes() - start).toBeLessThan(1.5 * weights)
    model.dispose()
    model.dispose()
    expect(() => model({ input_ids })).toThrow(DisposedError)
    // A graph would keep the weights.
    const shape = torch.no_grad(() => torch.scope(() => opened({ input_ids }).logits.shape))
    expect(shape).toEqual([1, 4, 5000])
    expect(bytes() - start).toBeGreaterThan(0.9 * weights)
    opened[Symbol.dispose]()
    expect(() => opened.state_dict()).toThrow(DisposedError)
    expect(bytes() - start).toBeLessThan(0.2 * weights)
  })
})

describe('three workers with one model', () => {
  it('compute what the main thread does, at once, with one copy in memory', () => {
    const command = [
      '--import',
      'tsx',
      join(packageRoot, 'test/native/transformers/modeling/fixtures/sharing.ts'),
    ]
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, command, {
      encoding: 'utf8',
      cwd: packageRoot,
      timeout: 100_000,
    })
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' })
    const { equal, weights, resident, allocated, shared } = JSON.parse(stdout)
    expect(equal).toEqual([true, true, true])
    // A copy for each would be 3.
    expect(resident / weights).toBeLessThan(0.5)
    expect(allocated / weights).toBeLessThan(0.1)
    expect(shared).toBe(0)
  }, 120_000)
})
