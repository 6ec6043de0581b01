import { expect, it } from 'vitest'

import {
  BertConfig,
  BertForMultipleChoice,
  RobertaConfig,
  RobertaForMultipleChoice,
  torch,
} from '../../../../lib/index.js'

const sizes = {
  vocab_size: 30,
  hidden_size: 32,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 24,
  max_position_embeddings: 20,
  hidden_dropout_prob: 0,
  attention_probs_dropout_prob: 0,
  classifier_dropout: 0.5,
}
const input_ids = torch.tensor([
  [
    [3, 7, 9],
    [3, 8, 2],
  ],
])

it('drops out before the scores of multiple choice as each family does: RoBERTa as in layers, BERT as classifiers', () => {
  const roberta = new RobertaForMultipleChoice(new RobertaConfig(sizes))
  expect(roberta({ input_ids }).logits.equal(roberta({ input_ids }).logits)).toBe(true)
  const bert = new BertForMultipleChoice(new BertConfig(sizes))
  expect(bert({ input_ids }).logits.equal(bert({ input_ids }).logits)).toBe(false)
})
