/** One vector of the vectors of a text's tokens: sentence-transformers Pooling. */

import { ConfigError } from '../../errors.js'
import { float32, int32 } from '../../torch/dtype.js'
import { torch } from '../../torch/index.js'
import type { Tensor } from '../../torch/tensor.js'

/**
 * - `cls`: the first token's vector; `lasttoken`: the last one's.
 * - `mean`: their mean; `mean_sqrt_len_tokens`: their sum over the square root of their number.
 * - `max`: the largest value of each dimension.
 * - `weightedmean`: their mean, with weights 1, 2, 3, …
 */
export type PoolingMode = 'cls' | 'max' | 'mean' | 'mean_sqrt_len_tokens' | 'weightedmean' | 'lasttoken'

/** The names of `1_Pooling/config.json` up to release 5, in the order in which vectors are joined. */
const flags: Readonly<Record<string, PoolingMode>> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_max_tokens: 'max',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_mean_sqrt_len_tokens: 'mean_sqrt_len_tokens',
  pooling_mode_weightedmean_tokens: 'weightedmean',
  pooling_mode_lasttoken: 'lasttoken',
}

export const poolingModes: readonly PoolingMode[] = Object.values(flags)

/**
 * The modes that a module's `config.json` asks for.
 *
 * @param where named in the error
 * @throws ConfigError for a mode that is not known
 */
export function poolingModesOf(config: Readonly<Record<string, unknown>>, where: string): PoolingMode[] {
  const named = config.pooling_mode
  const modes = named === undefined ? flagged(config) : [named].flat()
  for (const mode of modes) {
    if (!poolingModes.includes(mode as PoolingMode)) {
      throw new ConfigError(`${where} asks for the pooling mode ${JSON.stringify(mode)}`, {
        hint: `known are ${poolingModes.join(', ')}`,
      })
    }
  }
  return modes as PoolingMode[]
}

function flagged(config: Readonly<Record<string, unknown>>): PoolingMode[] {
  const modes = Object.keys(flags).filter((flag) => config[flag] === true)
  return modes.length === 0 ? ['mean'] : modes.map((flag) => flags[flag] as PoolingMode)
}

/**
 * Pools the tokens that the mask names; several modes give their vectors joined.
 *
 * @param tokens (batch, tokens, hidden)
 * @param attention_mask (batch, tokens) 1 for tokens, 0 for padding
 * @param skipped tokens at the beginning of each text that do not count: those of a prompt
 * @returns (batch, modes × hidden), of the dtype of `tokens`
 */
export function pool(
  tokens: Tensor,
  attention_mask: Tensor,
  modes: readonly PoolingMode[],
  skipped = 0,
): Tensor {
  const places = attention_mask.cumsum(1).mul(attention_mask)
  const mask = places.gt(skipped)
  const given = { tokens, mask, places: places.mul(mask) }
  return torch.cat(
    modes.map((mode) => pooled[mode](given)),
    -1,
  )
}

interface Given {
  /** (batch, tokens, hidden) */
  readonly tokens: Tensor
  /** (batch, tokens) */
  readonly mask: Tensor
  /** (batch, tokens) 1, 2, 3, … for the tokens of each text, 0 for those that do not count. */
  readonly places: Tensor
}

const pooled: Readonly<Record<PoolingMode, (given: Given) => Tensor>> = {
  cls: ({ tokens, mask }) => rowsAt(tokens, mask.to({ dtype: int32 }).argmax(1)),
  max: ({ tokens, mask }) =>
    tokens.masked_fill(mask.logical_not().unsqueeze(-1), Number.NEGATIVE_INFINITY).amax(1),
  mean: ({ tokens, mask }) => weightedSum(tokens, mask, (total) => total),
  mean_sqrt_len_tokens: ({ tokens, mask }) => weightedSum(tokens, mask, (total) => total.sqrt()),
  weightedmean: ({ tokens, places }) => weightedSum(tokens, places, (total) => total),
  lasttoken: ({ tokens, places }) => rowsAt(tokens, places.argmax(1)),
}

/** The vector of one token of each row. */
function rowsAt(tokens: Tensor, index: Tensor): Tensor {
  const indices = index.view([-1, 1, 1]).expand([-1, 1, tokens.size(-1)]) // (batch, 1, hidden)
  return tokens.gather(1, indices).squeeze(1)
}

/** Sum of the tokens' vectors times their weights, over what `divisor` makes of the sum of the weights. */
function weightedSum(tokens: Tensor, weights: Tensor, divisor: (total: Tensor) => Tensor): Tensor {
  // Sums of half precision would lose what the mean is about.
  const dtype = tokens.dtype.itemsize < float32.itemsize ? float32 : tokens.dtype
  const factors = weights.unsqueeze(-1).to({ dtype }) // (batch, tokens, 1)
  const total = factors.sum(1).clamp(1e-9)
  return tokens.mul(factors).sum(1).div(divisor(total)).to({ dtype: tokens.dtype })
}
