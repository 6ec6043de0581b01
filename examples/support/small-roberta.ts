import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { RobertaConfig, RobertaModel, RobertaTokenizer } from 'robertorch'

/** Saves a small untrained RoBERTa with a tokenizer trained on the texts, and returns its folder. */
export async function makeSmallRoberta(texts: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'robertorch-example-'))
  const tokenizer = await RobertaTokenizer.train_from_iterator(texts, { vocab_size: 512 })
  await tokenizer.save_pretrained(folder)
  const config = new RobertaConfig({
    vocab_size: tokenizer.length,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 128,
    max_position_embeddings: 130,
    type_vocab_size: 1,
    layer_norm_eps: 1e-5,
    initializer_range: 0.1, // few steps and a small width: the usual 0.02 would hardly move
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
  })
  await new RobertaModel(config).save_pretrained(folder)
  return folder
}
