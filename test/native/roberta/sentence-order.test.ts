import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from 'vitest'

import {
  ArgumentError,
  RobertaConfig,
  RobertaForMaskedLM,
  RobertaForPreTraining,
  RobertaModel,
  type Tensor,
  torch,
} from '../../../lib/index.js'

// Transformers has this head for ALBERT only, so it is compared with what its parts give.
const config = {
  vocab_size: 60,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 24,
  max_position_embeddings: 20,
  initializer_range: 0.3,
}
const folders: string[] = []
async function saved(): Promise<{ folder: string; model: RobertaForPreTraining }> {
  const folder = await mkdtemp(join(tmpdir(), 'robertorch-sentence-order-'))
  folders.push(folder)
  torch.manual_seed(5)
  const model = new RobertaForPreTraining(new RobertaConfig(config)).eval()
  await model.save_pretrained(folder)
  return { folder, model }
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

const inputs = { input_ids: torch.tensor([[0, 7, 8, 2, 2, 9, 2]]).repeat([2, 1]) }
const labels = inputs.input_ids.masked_fill(inputs.input_ids.lt(8), -100)
const sentence_order_label = torch.tensor([0, 1])
const quiet = { onReport: () => {} }

describe('RobertaForPreTraining', () => {
  it('predicts tokens as RobertaForMaskedLM and the order from the pooled first token', async () => {
    const { folder, model } = await saved()
    const { prediction_logits, sop_logits } = model(inputs)
    const masked = await RobertaForMaskedLM.from_pretrained(folder, quiet)
    expect(prediction_logits.tolist()).toEqual(masked(inputs).logits.tolist())
    const encoder = await RobertaModel.from_pretrained(folder, quiet)
    const weights = new Map(model.named_parameters())
    const order = torch.nn.functional.linear(
      encoder(inputs).pooler_output as Tensor,
      weights.get('sop_classifier.classifier.weight') as Tensor,
      weights.get('sop_classifier.classifier.bias') as Tensor,
    )
    expect(sop_logits.tolist()).toEqual(order.tolist())
  })

  it('adds both losses, and gives both heads gradients', async () => {
    const { model } = await saved()
    const { loss, prediction_logits, sop_logits } = model({ ...inputs, labels, sentence_order_label })
    const { cross_entropy } = torch.nn.functional
    const sum = cross_entropy(prediction_logits.flatten(0, 1), labels.flatten()).add(
      cross_entropy(sop_logits, sentence_order_label),
    )
    expect((loss as Tensor).item()).toBeCloseTo(sum.item() as number, 6)
    ;(loss as Tensor).backward()
    const gradients = new Map(model.named_parameters().map(([name, { grad }]) => [name, grad]))
    for (const name of [
      'lm_head.dense.weight',
      'sop_classifier.classifier.weight',
      'roberta.pooler.dense.weight',
    ])
      expect(gradients.get(name)?.abs().sum().item(), name).toBeGreaterThan(0)
  })

  it('refuses one label without the other', async () => {
    const { model } = await saved()
    expect(() => model({ ...inputs, labels })).toThrow(ArgumentError)
    expect(() => model({ ...inputs, sentence_order_label })).toThrow(/given without labels/)
  })

  it('comes back equal from its folder', async () => {
    const { folder, model } = await saved()
    const again = await RobertaForPreTraining.from_pretrained(folder)
    expect(again(inputs).sop_logits.tolist()).toEqual(model(inputs).sop_logits.tolist())
  })
})
