import { describe, expect, it } from 'vitest'

import {
  ArgumentError,
  BertConfig,
  BertForSequenceClassification,
  BertModel,
  DisposedError,
  RobertaConfig,
  RobertaForMaskedLM,
  RobertaForSequenceClassification,
  RobertaModel,
  torch,
  XLMRobertaConfig,
  XLMRobertaForTokenClassification,
  XLMRobertaModel,
} from '../../../../lib/index.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'
import { temporaryFolder } from '../../io/safetensors-file.js'

const sizes = {
  vocab_size: 50,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 24,
  max_position_embeddings: 20,
}
const classifier = (fields = {}) =>
  new RobertaForSequenceClassification(new RobertaConfig({ ...sizes, ...fields }))
const input_ids = torch.tensor([[3, 7, 9, 2]])
const labels = torch.tensor([1])

describe('base_model', () => {
  it('is of the class that the family has for it', () => {
    expect(classifier().base_model).toBeInstanceOf(RobertaModel)
    expect(new BertForSequenceClassification(new BertConfig(sizes)).base_model).toBeInstanceOf(BertModel)
    const xlm = new XLMRobertaForTokenClassification(new XLMRobertaConfig(sizes))
    expect(xlm.base_model).toBeInstanceOf(XLMRobertaModel)
    expect(xlm.base_model_prefix).toBe('roberta')
    const bare = new RobertaModel(new RobertaConfig(sizes))
    expect(bare.base_model).toBe(bare)
  })

  it('has the very parameters of the model around it, without the prefix', () => {
    const model = classifier()
    const inner = model.named_parameters().filter(([name]) => name.startsWith('roberta.'))
    const own = model.base_model.named_parameters()
    expect(own.map(([name]) => `roberta.${name}`)).toEqual(inner.map(([name]) => name))
    expect(own.every(([, parameter], i) => parameter === inner[i]?.[1])).toBe(true)
    expect(model.get_submodule('roberta')).toBe(model.base_model)
    expect(model.base_model.config).toBe(model.config)
  })

  it('adds nothing to the names and the state of the model around it', () => {
    const model = classifier()
    const names = model.named_parameters().map(([name]) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(Object.keys(model.state_dict())).toEqual(names)
    const other = classifier()
    expect(other.load_state_dict(model.state_dict())).toEqual({ missing_keys: [], unexpected_keys: [] })
    expect(String(model)).toContain('(roberta): RobertaModel()')
  })

  it('freezes what the head stands on', () => {
    const model = classifier()
    model.base_model.requires_grad_(false)
    model({ input_ids, labels }).loss?.backward()
    const trained = model.named_parameters().filter(([, parameter]) => parameter.grad !== null)
    expect(trained.map(([name]) => name)).toEqual([
      'classifier.dense.weight',
      'classifier.dense.bias',
      'classifier.out_proj.weight',
      'classifier.out_proj.bias',
    ])
    expect(model.num_parameters({ only_trainable: true })).toBe(16 * 16 + 16 + 2 * 16 + 2)
  })

  it('runs by itself, with the pooler of its class only', async () => {
    const model = new RobertaForMaskedLM(new RobertaConfig(sizes)).eval()
    const expected = model({ input_ids, output_hidden_states: true }).hidden_states?.at(-1)
    for (const outputs of [
      model.base_model({ input_ids }),
      await model.base_model.forwardAsync({ input_ids }),
    ]) {
      expect(outputs.pooler_output).toBeUndefined()
      expect(outputs.last_hidden_state.equal(expected as Tensor)).toBe(true)
    }
    const bert = new BertForSequenceClassification(new BertConfig(sizes))
    expect(bert.base_model({ input_ids }).pooler_output?.shape).toEqual([1, 16])
  })

  it('is in training or not by itself: dropout follows the part', () => {
    const model = classifier({ hidden_dropout_prob: 0.5, classifier_dropout: 0 })
    const [a, b] = [model({ input_ids }).logits, model({ input_ids }).logits]
    expect(a.equal(b)).toBe(false)
    model.base_model.eval()
    expect(model.training).toBe(true)
    expect(model({ input_ids }).logits.equal(model({ input_ids }).logits)).toBe(true)
    model.train()
    expect(model.base_model.training).toBe(true)
  })

  it('is saved and loaded as a model without a head', async () => {
    const model = classifier()
    const folder = temporaryFolder()
    await model.base_model.save_pretrained(folder)
    const loaded = await RobertaModel.from_pretrained(folder, { add_pooling_layer: false })
    expect(loaded.config.architectures).toEqual(['RobertaModel'])
    model.eval()
    const own = model.base_model({ input_ids }).last_hidden_state
    expect(loaded({ input_ids }).last_hidden_state.equal(own)).toBe(true)
  })

  it('follows a new size of the vocabulary', () => {
    const model = classifier()
    model.resize_token_embeddings(60)
    const words = model.base_model.get_input_embeddings()
    expect(words.weight.shape).toEqual([60, 16])
    expect(model.base_model({ input_ids: torch.tensor([[59]]) }).last_hidden_state.shape).toEqual([1, 1, 16])
  })

  it('refuses what cannot work: hooks within the call of the whole, and weights that are gone', () => {
    const model = classifier()
    const hook = model.base_model.register_forward_hook(() => undefined)
    expect(() => model({ input_ids })).toThrow(ArgumentError)
    model.base_model({ input_ids })
    hook.remove()
    model({ input_ids })
    model.dispose()
    expect(() => model.base_model({ input_ids })).toThrow(DisposedError)
    const other = classifier()
    other.base_model.dispose()
    expect(() => other({ input_ids })).toThrow(DisposedError)
  })
})
