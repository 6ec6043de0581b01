import { ArgumentError, ShapeError } from '../errors.js'

/**
 * Perplexity of a language model: e to the mean loss per token, as Transformers' `run_mlm.py` and `run_clm.py` do with
 * `eval_loss`. Infinity where that overflows.
 *
 * @param loss cross-entropy in nats: of all, or a mean per batch
 * @param tokens for a list: how many tokens each mean is over; default: the same number
 * @throws ShapeError for lists of different lengths or without a value, ArgumentError for a loss that is no number or a
 *   count that is no whole number.
 */
export function perplexity(loss: number | ArrayLike<number>, tokens?: ArrayLike<number>): number {
  const losses = typeof loss === 'number' ? [loss] : Array.from(loss)
  const counts = tokens === undefined ? losses.map(() => 1) : Array.from(tokens)
  if (losses.length === 0) throw new ShapeError('perplexity needs at least one loss, got none')
  if (losses.length !== counts.length) {
    throw new ShapeError(`there are ${losses.length} losses and ${counts.length} counts of tokens`)
  }
  let [sum, total] = [0, 0]
  losses.forEach((value, i) => {
    const count = counts[i] as number
    if (Number.isNaN(value)) throw new ArgumentError(`loss[${i}] must be a number, is NaN`)
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new ArgumentError(`tokens[${i}] must be a whole number, is ${count}`)
    }
    // A batch without tokens has no mean: Infinity times 0 must not spoil the sum.
    if (count > 0) sum += value * count
    total += count
  })
  if (total === 0) throw new ShapeError('perplexity needs at least one token, got none')
  return Math.exp(sum / total)
}
