/**
 * fairseq's names as those of transformers' RoBERTa, after its convert_roberta_original_pytorch_checkpoint_to_pytorch.py
 * and fairseq's own upgrade of old state dicts.
 */

import { CheckpointError } from '../../../errors.js'
import { operator } from '../../../torch/operators.js'
import type { Tensor } from '../../../torch/tensor.js'
import type { Weights } from '../state-dict.js'

const zeros = operator<(size: number[], options: object) => Tensor>('aten::zeros')

/** Of fairseq before 0.10, where the encoder was called decoder, and before 0.11. */
const upgrades: readonly (readonly [RegExp, string])[] = [
  [/^decoder\./, 'encoder.'],
  [/\.emb_layer_norm\./, '.layernorm_embedding.'],
]

const encoder = String.raw`^encoder\.sentence_encoder\.`
const layer = String.raw`${encoder}layers\.(\d+)\.`

const names: readonly (readonly [RegExp, string])[] = (
  [
    [`${encoder}embed_tokens\\.`, 'roberta.embeddings.word_embeddings.'],
    [`${encoder}embed_positions\\.`, 'roberta.embeddings.position_embeddings.'],
    [`${encoder}segment_embeddings\\.`, 'roberta.embeddings.token_type_embeddings.'],
    [`${encoder}layernorm_embedding\\.`, 'roberta.embeddings.LayerNorm.'],
    [`${layer}self_attn\\.q_proj\\.`, 'roberta.encoder.layer.$1.attention.self.query.'],
    [`${layer}self_attn\\.k_proj\\.`, 'roberta.encoder.layer.$1.attention.self.key.'],
    [`${layer}self_attn\\.v_proj\\.`, 'roberta.encoder.layer.$1.attention.self.value.'],
    [`${layer}self_attn\\.out_proj\\.`, 'roberta.encoder.layer.$1.attention.output.dense.'],
    [`${layer}self_attn_layer_norm\\.`, 'roberta.encoder.layer.$1.attention.output.LayerNorm.'],
    [`${layer}fc1\\.`, 'roberta.encoder.layer.$1.intermediate.dense.'],
    [`${layer}fc2\\.`, 'roberta.encoder.layer.$1.output.dense.'],
    [`${layer}final_layer_norm\\.`, 'roberta.encoder.layer.$1.output.LayerNorm.'],
    ['^encoder\\.lm_head\\.(dense|layer_norm)\\.', 'lm_head.$1.'],
    ['^encoder\\.lm_head\\.bias$', 'lm_head.bias'],
    ['^encoder\\.lm_head\\.weight$', 'lm_head.decoder.weight'],
  ] as const
).map(([pattern, to]) => [new RegExp(pattern), to])

/** Counters of fairseq's own, no weights. */
const ignored = /(^|\.)(version|_float_tensor)$/
const fused = /^(.*\.self_attn\.)in_proj_(weight|bias)$/
const headName = /^classification_heads\.([^.]+)\.(dense|out_proj)\.(weight|bias)$/

/** Names as the newest fairseq has them; one fused projection becomes three views of it. */
export function upgradedWeights(weights: Weights): Map<string, Tensor> {
  const result = new Map<string, Tensor>()
  for (const [old, tensor] of weights) {
    const name = upgrades.reduce((text, [pattern, to]) => text.replace(pattern, to), old)
    const parts = fused.exec(name)
    if (ignored.test(name)) continue
    if (parts === null) result.set(name, tensor)
    else {
      const third = (tensor.shape[0] as number) / 3
      for (const [i, letter] of ['q', 'k', 'v'].entries()) {
        result.set(`${parts[1]}${letter}_proj.${parts[2]}`, tensor.narrow(0, i * third, third))
      }
    }
  }
  return result
}

/** Names of the classification heads, and their numbers of labels. */
export function classificationHeads(upgraded: Weights): Map<string, number> {
  const heads = new Map<string, number>()
  for (const [name, tensor] of upgraded) {
    const [, head, part, kind] = headName.exec(name) ?? []
    if (head !== undefined && part === 'out_proj' && kind === 'weight')
      heads.set(head, tensor.shape[0] as number)
  }
  return heads
}

/**
 * The head that becomes transformers' `classifier`: the one that is named, or the only one.
 *
 * @throws CheckpointError for a name that there is not.
 */
export function chosenHead(
  heads: ReadonlyMap<string, number>,
  wanted: string | undefined,
  path: string,
): string | undefined {
  const [only] = heads.keys()
  if (wanted === undefined) return heads.size === 1 ? only : undefined
  if (heads.has(wanted)) return wanted
  throw new CheckpointError(`${path} has no classification head '${wanted}'`, {
    hint: heads.size > 0 ? `it has ${[...heads.keys()].join(', ')}` : 'it has none: leave out the name',
  })
}

/** The weights under transformers' names; those of other heads and what has no place there keep theirs. */
export function transformersWeights(
  upgraded: Weights,
  head: string | undefined,
  tied: boolean,
): Map<string, Tensor> {
  const result = new Map<string, Tensor>()
  for (const [name, tensor] of upgraded) {
    const [, owner, part, kind] = headName.exec(name) ?? []
    const known = names.find(([pattern]) => pattern.test(name))
    if (owner !== undefined && owner === head) result.set(`classifier.${part}.${kind}`, tensor)
    else if (known) result.set(name.replace(known[0], known[1]), tensor)
    else result.set(name, tensor)
  }
  if (tied) result.delete('lm_head.decoder.weight')
  const tokens = result.get('roberta.embeddings.word_embeddings.weight')
  const types = 'roberta.embeddings.token_type_embeddings.weight'
  // RoBERTa has none; transformers adds one row of zeros.
  if (tokens && !result.has(types))
    result.set(types, zeros([1, tokens.shape[1] as number], { dtype: tokens.dtype }))
  return result
}
