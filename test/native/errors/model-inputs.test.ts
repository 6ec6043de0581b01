import { describe, expect, it } from 'vitest'

import * as robertorch from '../../../lib/index.js'
import {
  ArgumentError,
  CheckpointError,
  ConfigError,
  DeviceError,
  DisposedError,
  DTypeError,
  IndexError,
  RobertaConfig,
  RobertaForMaskedLM,
  RobertaForSequenceClassification,
  RobertaModel,
  type RobertorchError,
  ShapeError,
  type Tensor,
  torch,
} from '../../../lib/index.js'

const config = () =>
  new RobertaConfig({
    vocab_size: 100,
    hidden_size: 16,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 32,
    max_position_embeddings: 514,
    type_vocab_size: 1,
    num_labels: 3,
  })
const classifier = new RobertaForSequenceClassification(config())
const languageModel = new RobertaForMaskedLM(config())
const encoder = new RobertaModel(config())
const ids = (rows = 2, tokens = 4) => torch.full([rows, tokens], 5, { dtype: torch.int64 })

type Inputs = Record<string, unknown>
type ErrorClass = new (...args: never[]) => RobertorchError

/** Both ways of a forward pass refuse alike, and the model works afterwards. */
async function refuses(model: unknown, inputs: Inputs, kind: ErrorClass, message: RegExp): Promise<void> {
  const any = model as ((inputs: Inputs) => unknown) & { forwardAsync(inputs: Inputs): Promise<unknown> }
  expect(() => any(inputs)).toThrow(kind)
  expect(() => any(inputs)).toThrow(message)
  const refused = expect(any.forwardAsync(inputs)).rejects
  await refused.toThrow(kind)
  await expect(any.forwardAsync(inputs)).rejects.toThrow(message)
  expect(classifier({ input_ids: ids() }).logits.shape).toEqual([2, 3])
}

describe('ids out of range', () => {
  const withId = (id: number | bigint) => ids().index_fill(1, torch.tensor([2]), id as number)

  it.each([[100], [-1], [2n ** 62n], [-(2n ** 63n)]])('of the vocabulary: %s', async (id) => {
    const message = new RegExp(
      `input_ids holds ${id} at row 0, column 2, must lie in 0\\.\\.99 \\(vocab_size 100\\)`,
    )
    for (const model of [classifier, languageModel, encoder]) {
      await refuses(model, { input_ids: withId(id) }, IndexError, message)
    }
  })

  it('of token types, where there is one', async () => {
    const token_type_ids = torch.ones([2, 4], { dtype: torch.int64 })
    const message = /token_type_ids holds 1 at row 0, column 0, must lie in 0\.\.0 \(type_vocab_size 1\)/
    await refuses(classifier, { input_ids: ids(), token_type_ids }, IndexError, message)
  })

  it('of positions', async () => {
    const position_ids = torch.full([1, 4], 514, { dtype: torch.int64 })
    const message = /position_ids holds 514 .* must lie in 0\.\.513 \(max_position_embeddings 514\)/
    await refuses(classifier, { input_ids: ids(), position_ids }, IndexError, message)
  })

  it('by length: 512 tokens fit 514 positions, 513 do not', async () => {
    expect(classifier({ input_ids: ids(1, 512) }).logits.shape).toEqual([1, 3])
    const message =
      /a sequence has 513 tokens, the limit is 512 \(max_position_embeddings 514[\s\S]*max_length: 512/
    await refuses(classifier, { input_ids: ids(1, 513) }, IndexError, message)
    await refuses(classifier, { inputs_embeds: torch.zeros([1, 513, 16]) }, IndexError, message)
    // Padding takes no position.
    const padded = torch.cat([ids(1, 512), torch.ones([1, 8], { dtype: torch.int64 })], { dim: 1 })
    expect(classifier({ input_ids: padded }).logits.shape).toEqual([1, 3])
  })

  it('of labels', async () => {
    const labels = torch.tensor([0, 3])
    const message = /labels holds 3 at row 1, must lie in 0\.\.2 \(num_labels 3\)/
    await refuses(classifier, { input_ids: ids(), labels }, IndexError, message)
    const masked = torch.full([2, 4], -100, { dtype: torch.int64 })
    masked.select(0, 1).fill_(100)
    const maskedMessage = /labels holds 100 at row 1, column 0, must lie in 0\.\.99 \(vocab_size 100\)/
    await refuses(languageModel, { input_ids: ids(), labels: masked }, IndexError, maskedMessage)
    await refuses(
      classifier,
      { input_ids: ids(), labels: torch.tensor([0, -1]) },
      IndexError,
      /labels holds -1/,
    )
  })
})

describe('shapes', () => {
  it.each<[string, () => Inputs, RegExp]>([
    ['no batch dimension', () => ({ input_ids: torch.tensor([5, 6]) }), /shape \(2,\)[\s\S]*unsqueeze\(0\)/],
    [
      'three dimensions',
      () => ({ input_ids: ids().unsqueeze(0) }),
      /shape \(1, 2, 4\), expected two dimensions/,
    ],
    ['an empty batch', () => ({ input_ids: ids(0, 4) }), /the batch is empty: input_ids has shape \(0, 4\)/],
    ['no tokens', () => ({ input_ids: ids(2, 0) }), /the batch is empty: input_ids has shape \(2, 0\)/],
    [
      'a mask of other rows',
      () => ({ input_ids: ids(), attention_mask: ids(1, 4) }),
      /attention_mask has shape \(1, 4\), expected \(2, 4\)/,
    ],
    [
      'a mask of one dimension',
      () => ({ input_ids: ids(), attention_mask: torch.ones([4]) }),
      /attention_mask has shape \(4,\)/,
    ],
    [
      'token types of other length',
      () => ({ input_ids: ids(), token_type_ids: ids(2, 3) }),
      /token_type_ids has shape \(2, 3\), expected \(2, 4\)/,
    ],
    [
      'positions of other length',
      () => ({ input_ids: ids(), position_ids: ids(1, 3) }),
      /position_ids has shape \(1, 3\)/,
    ],
    [
      'embeddings of other width',
      () => ({ inputs_embeds: torch.zeros([2, 4, 15]) }),
      /expected \(batch, tokens, 16\)/,
    ],
    [
      'too few labels',
      () => ({ input_ids: ids(), labels: torch.tensor([1]) }),
      /labels has shape \(1,\), expected one label for each of the 2/,
    ],
  ])('%s', async (_, inputs, message) => {
    await refuses(classifier, inputs(), ShapeError, message)
  })
})

describe('types', () => {
  it.each<[string, () => Inputs, ErrorClass, RegExp]>([
    [
      'int32 ids',
      () => ({ input_ids: ids().to(torch.int32) }),
      DTypeError,
      /input_ids must be int64, is Int/,
    ],
    ['float ids', () => ({ input_ids: torch.ones([2, 4]) }), DTypeError, /input_ids must be int64, is Float/],
    [
      'float labels',
      () => ({ input_ids: ids(), labels: torch.ones([2]) }),
      DTypeError,
      /labels must be int64/,
    ],
    ['a list of ids', () => ({ input_ids: [[5, 6]] }), ArgumentError, /input_ids must be a Tensor/],
    ['a number', () => ({ input_ids: 5 }), ArgumentError, /input_ids must be a Tensor/],
    ['nothing', () => ({}), ArgumentError, /give input_ids or inputs_embeds/],
    ['both', () => ({ input_ids: ids(), inputs_embeds: torch.zeros([2, 4, 16]) }), ArgumentError, /not both/],
    [
      'another device',
      () => ({ input_ids: ids().to('meta') }),
      DeviceError,
      /input_ids is on meta, the model on cpu/,
    ],
    [
      'a mask on another device',
      () => ({ input_ids: ids(), attention_mask: ids().to('meta') }),
      DeviceError,
      /attention_mask is on meta/,
    ],
  ])('%s', async (_, inputs, kind, message) => {
    classifier.config.problem_type = 'single_label_classification'
    await refuses(classifier, inputs(), kind, message)
  })

  it('inputs that are no object of tensors', () => {
    const call = classifier as unknown as (...inputs: unknown[]) => unknown
    for (const inputs of [ids(), null, undefined, 'text', 5]) {
      expect(() => call(inputs)).toThrow(ArgumentError)
      expect(() => call(inputs)).toThrow(/named inputs/)
    }
  })

  it('labels without a head, and a problem type that does not exist', async () => {
    await refuses(
      encoder,
      { input_ids: ids(), labels: torch.tensor([0, 1]) },
      ArgumentError,
      /labels mean nothing/,
    )
    const model = new RobertaForSequenceClassification(config())
    model.config.problem_type = 'guessing' as never
    await refuses(
      model,
      { input_ids: ids(), labels: torch.tensor([0, 1]) },
      ConfigError,
      /'guessing' is not known/,
    )
  })
})

describe('configurations', () => {
  const make = (fields: object) => () =>
    new RobertaModel(new RobertaConfig({ ...config().to_dict(), ...fields }))

  it.each<[object, RegExp]>([
    [{ hidden_size: 0 }, /hidden_size is 0, must lie in 1\.\./],
    [{ hidden_size: -16 }, /hidden_size is -16/],
    [{ hidden_size: 1e12 }, /hidden_size is 1000000000000, must lie in 1\.\.65536/],
    [{ hidden_size: 16.5 }, /hidden_size must be a whole number, is 16.5/],
    [{ hidden_size: '16' }, /hidden_size must be a number, is 16/],
    [{ hidden_size: Number.NaN }, /hidden_size must be a whole number, is NaN/],
    [{ hidden_size: Infinity }, /hidden_size must be a whole number, is Infinity/],
    [{ hidden_size: Symbol('16') }, /plain data only: Symbol\(16\) could not be cloned/],
    [{ num_attention_heads: 3 }, /hidden_size 16 is not a multiple of num_attention_heads 3/],
    [{ num_hidden_layers: 1e9 }, /num_hidden_layers is 1000000000, must lie in 0\.\.1024/],
    [{ vocab_size: 2 ** 53 }, /vocab_size is 9007199254740992/],
    [{ pad_token_id: 100 }, /pad_token_id is 100, must lie in 0\.\.99/],
    [{ max_position_embeddings: 2 }, /pad_token_id \+ 1 is 2, must lie in 0\.\.1/],
    [{ hidden_dropout_prob: 1.5 }, /hidden_dropout_prob is 1\.500000, must be at least 0 and below 1/],
    [{ hidden_dropout_prob: Number.NaN }, /hidden_dropout_prob is nan/],
    [{ layer_norm_eps: 0 }, /layer_norm_eps must be above 0/],
    [{ hidden_act: 'swish9' }, /swish9/],
    [{ hidden_act: 5 }, /hidden_act must be a string, is 5/],
    [{ position_embedding_type: 'rotary' }, /rotary/],
  ])('%o', (fields, message) => {
    expect(make(fields)).toThrow(ConfigError)
    expect(make(fields)).toThrow(message)
    expect(encoder({ input_ids: ids() }).last_hidden_state.shape).toEqual([2, 4, 16])
  })

  it('num_labels', () => {
    for (const num_labels of [0, -1, 1.5, Number.NaN]) {
      expect(() => new RobertaConfig({ num_labels })).toThrow(ConfigError)
      expect(() => new RobertaConfig({ num_labels })).toThrow(
        `num_labels must be a whole number above 0, is ${num_labels}`,
      )
    }
  })

  it('an attention implementation that does not exist', () => {
    const make = () => new RobertaModel(config(), { attn_implementation: 'flash' as never })
    expect(make).toThrow(/attn_implementation 'flash' is not known; known are sdpa and eager/)
  })
})

describe('use after dispose', () => {
  const disposed = () => {
    const tensor = torch.ones([2, 4])
    tensor.dispose()
    return tensor
  }

  it.each<[string, (tensor: Tensor) => unknown]>([
    ['a function', (t) => torch.add(t, 1)],
    ['an argument', (t) => torch.ones([2]).add(t)],
    ['a method', (t) => t.sum()],
    ['an in-place method', (t) => t.add_(1)],
    ['out=', (t) => torch.add(torch.ones([2]), 1, { out: t })],
    ['a list', (t) => torch.cat([torch.ones([2]), t])],
    ['shape', (t) => t.shape],
    ['item', (t) => t.item()],
    ['tolist', (t) => t.tolist()],
    ['toTypedArray', (t) => t.toTypedArray()],
    ['to', (t) => t.to(torch.int32)],
    ['to of another', (t) => torch.ones([1]).to(t)],
    ['iteration', (t) => [...t]],
    ['requires_grad', (t) => t.requires_grad_()],
    ['grad', (t) => t.grad],
    ['backward', (t) => t.backward()],
    ['a gradient', (t) => torch.ones([2]).requires_grad_().sum().backward(t)],
    ['autograd.grad', (t) => torch.autograd.grad(t, [torch.ones([1])])],
    ['data', (t) => { torch.ones([2]).data = t }], // biome-ignore format: one line
    ['a model input', (t) => classifier({ input_ids: t })],
    ['a state of a module', (t) => encoder.load_state_dict({ 'pooler.dense.bias': t }, { strict: false })],
    ['an optimizer', (t) => new torch.optim.AdamW([t])],
    ['a data set', (t) => new torch.utils.data.TensorDataset(t)],
    ['a generator', (t) => torch.set_rng_state(t)],
  ])('in %s', (_, use) => {
    const tensor = disposed()
    expect(() => use(tensor)).toThrow(DisposedError)
    expect(() => use(tensor)).toThrow(/was used after dispose\(\)/)
    expect(torch.ones([2]).sum().item()).toBe(2)
  })

  it('off the event loop', async () => {
    await expect(classifier.forwardAsync({ input_ids: disposed() })).rejects.toThrow(DisposedError)
    await expect(async () => disposed().backwardAsync()).rejects.toThrow(DisposedError)
  })

  it('is harmless twice, and while the tensor is still computed with', async () => {
    const input_ids = ids()
    const running = classifier.forwardAsync({ input_ids })
    input_ids.dispose()
    input_ids.dispose()
    expect((await running).logits.shape).toEqual([2, 3])
    expect(input_ids.disposed).toBe(true)
  })

  it('of a parameter is told apart from the model', async () => {
    const model = new RobertaModel(config())
    model.parameters()[0]?.dispose()
    expect(model({ input_ids: ids() }).last_hidden_state.shape).toEqual([2, 4, 16])
    await expect(model.save_pretrained('/nowhere')).rejects.toThrow(robertorch.RobertorchError)
  })
})

describe('gradients', () => {
  it('of what needs none, of several values, twice', () => {
    expect(() => torch.ones([1]).backward()).toThrow(/does not require grad[\s\S]*torch\.no_grad/)
    const p = torch.ones([2]).requires_grad_()
    expect(() => p.mul(2).backward()).toThrow(/grad can be implicitly created only for scalar outputs/)
    const loss = p.mul(p).sum()
    loss.backward()
    expect(() => loss.backward()).toThrow(/backward through the graph a second time/)
    expect(() => torch.ones([1], { dtype: torch.int64 }).requires_grad_()).toThrow(DTypeError)
    expect(() => torch.optim.AdamW && new torch.optim.AdamW([p.mul(2)])).toThrow(/non-leaf/)
  })
})

describe('checkpoints that do not fit', () => {
  it('name both shapes and leave the module as it was', () => {
    const before = encoder.parameters().map((parameter) => parameter.sum().item())
    const state = { ...encoder.state_dict(), 'pooler.dense.bias': torch.zeros([7]) }
    expect(() => encoder.load_state_dict(state)).toThrow(CheckpointError)
    expect(() => encoder.load_state_dict(state)).toThrow(
      /pooler\.dense\.bias has shape \(7\) in the state, \(16\)/,
    )
    expect(() => encoder.load_state_dict({ odd: torch.zeros([1]) })).toThrow(/missing .*unexpected odd/)
    expect(encoder.parameters().map((parameter) => parameter.sum().item())).toEqual(before)
  })
})
