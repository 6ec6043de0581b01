/** The configuration behind a fairseq checkpoint: shapes of its tensors, and what the model was built with. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { CheckpointError } from '../../../errors.js'
import type { Weights } from '../state-dict.js'
import { type FairseqCheckpoint, openFairseq } from './files.js'
import { chosenHead, classificationHeads, upgradedWeights } from './keys.js'
import { sentencePieceFile } from './names.js'

const activations: Readonly<Record<string, string>> = {
  gelu: 'gelu',
  relu: 'relu',
  tanh: 'tanh',
  gelu_accurate: 'gelu_pytorch_tanh',
  gelu_fast: 'gelu_pytorch_tanh',
}

const number = (value: unknown) => (typeof value === 'number' ? value : undefined)

/** Whether the output of the masked-LM head has a matrix of its own. */
export const isTied = ({ args }: FairseqCheckpoint): boolean => args.untie_weights_roberta !== true

/**
 * The fields of `config.json` for a folder of fairseq.
 *
 * @throws CheckpointError for a model that is no RoBERTa, or one that transformers' RoBERTa cannot hold.
 */
export async function fairseqConfig(folder: string, head?: string): Promise<Record<string, unknown>> {
  const checkpoint = await openFairseq(folder, true)
  const upgraded = upgradedWeights(checkpoint.weights)
  const { path, args } = checkpoint
  if (args.encoder_normalize_before === true || upgraded.has('encoder.sentence_encoder.layer_norm.weight')) {
    throw new CheckpointError(
      `${path} normalizes before each block, which RoBERTa of transformers does not`,
      {
        hint: 'convert it to XLM-RoBERTa-XL in Python',
      },
    )
  }
  const [vocab_size, hidden_size] = shapeOf(upgraded, 'embed_tokens.weight', path)
  const [max_position_embeddings] = shapeOf(upgraded, 'embed_positions.weight', path)
  const [intermediate_size] = shapeOf(upgraded, 'layers.0.fc1.weight', path)
  const activation = String(args.activation_fn ?? 'gelu')
  const hidden_act = Object.hasOwn(activations, activation) ? activations[activation] : undefined
  if (hidden_act === undefined)
    throw new CheckpointError(`${path} has the unknown activation '${activation}'`)
  const heads = classificationHeads(upgraded)
  const chosen = chosenHead(heads, head, path)
  const isSentencePiece = existsSync(join(folder, sentencePieceFile))
  return {
    model_type: isSentencePiece ? 'xlm-roberta' : 'roberta',
    vocab_size,
    hidden_size,
    num_hidden_layers: layersOf(upgraded),
    // 64 numbers for each head in every published model.
    num_attention_heads: number(args.encoder_attention_heads) ?? Math.max(1, Math.floor(hidden_size / 64)),
    intermediate_size,
    hidden_act,
    hidden_dropout_prob: number(args.dropout) ?? 0.1,
    attention_probs_dropout_prob: number(args.attention_dropout) ?? 0.1,
    classifier_dropout: number(args.pooler_dropout) ?? null,
    max_position_embeddings,
    type_vocab_size: upgraded.get('encoder.sentence_encoder.segment_embeddings.weight')?.shape[0] ?? 1,
    layer_norm_eps: 1e-5,
    pad_token_id: 1,
    bos_token_id: 0,
    eos_token_id: 2,
    tie_word_embeddings: isTied(checkpoint),
    ...(chosen === undefined ? {} : labels(heads.get(chosen) as number)),
  }
}

function shapeOf(weights: Weights, name: string, path: string): [number, number] {
  const shape = weights.get(`encoder.sentence_encoder.${name}`)?.shape
  if (shape?.length === 2) return shape as [number, number]
  throw new CheckpointError(
    `${path} holds no RoBERTa of fairseq: it has no matrix encoder.sentence_encoder.${name}`,
  )
}

const layersOf = (weights: Weights) =>
  1 +
  Math.max(
    ...[...weights.keys()].map((name) => Number(/sentence_encoder\.layers\.(\d+)\./.exec(name)?.[1] ?? -1)),
  )

const labels = (count: number) => {
  const names = Array.from({ length: count }, (_, i): [number, string] => [i, `LABEL_${i}`])
  return {
    id2label: Object.fromEntries(names),
    label2id: Object.fromEntries(names.map(([i, name]) => [name, i])),
  }
}
