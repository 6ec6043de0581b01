import { ArgumentError } from '../../errors.js'
import type { EncodeOptions } from './options.js'
import type { TruncationStrategy } from './truncation.js'
import type { Warnings } from './warnings.js'

/** Above this, a `model_max_length` means "no limit" (Transformers' `LARGE_INTEGER`). */
const LARGE_INTEGER = 1e20

/** What padding and truncation options mean together. */
export interface Strategies {
  readonly padding: 'longest' | 'max_length' | 'do_not_pad'
  readonly truncation: TruncationStrategy
  readonly maxLength: number | undefined
}

function paddingStrategy(options: EncodeOptions, warn: Warnings | undefined): Strategies['padding'] {
  const { padding = false, max_length, pad_to_max_length, truncation } = options
  if (padding === false && pad_to_max_length) {
    warn?.once(
      'ROBERTORCH_PAD_TO_MAX_LENGTH',
      "pad_to_max_length is outdated: use padding: 'max_length' to pad to max_length, or padding: true to pad" +
        ' to the longest sequence of the batch.',
      'DeprecationWarning',
    )
    return max_length === undefined ? 'longest' : 'max_length'
  }
  if (padding === true) {
    if (max_length !== undefined && (!truncation || truncation === 'do_not_truncate')) {
      warn?.once(
        'ROBERTORCH_MAX_LENGTH_IGNORED',
        'max_length is ignored when padding is true and there is no truncation strategy.' +
          " To pad to max_length, use padding: 'max_length'.",
      )
    }
    return 'longest'
  }
  return padding === false ? 'do_not_pad' : padding
}

function truncationStrategy(options: EncodeOptions, warn: Warnings | undefined): TruncationStrategy {
  const { padding = false, truncation, max_length } = options
  if (max_length !== undefined && padding === false && truncation === undefined) {
    warn?.once(
      'ROBERTORCH_TRUNCATION_NOT_ACTIVATED',
      'Truncation was not explicitly activated but max_length is given: truncating with "longest_first". Use' +
        ' truncation: true to say so, or another strategy (only_first, only_second) for pairs of texts.',
    )
    return 'longest_first'
  }
  if (truncation === true) return 'longest_first'
  return truncation || 'do_not_truncate'
}

/**
 * `PreTrainedTokenizerBase._get_padding_truncation_strategies` of Transformers 4.57, with `pad_to_max_length` as
 * older releases had it.
 * @throws ArgumentError if the truncation length is no multiple of `pad_to_multiple_of`.
 */
export function resolveStrategies(
  given: EncodeOptions,
  modelMaxLength: number,
  warn: Warnings | undefined,
): Strategies {
  const options = {
    ...given,
    truncation: given.truncation ?? undefined,
    max_length: given.max_length ?? undefined,
  }
  let padding = paddingStrategy(options, warn)
  let truncation = truncationStrategy(options, warn)
  let maxLength = options.max_length
  if (maxLength === undefined) {
    const limited = modelMaxLength <= LARGE_INTEGER
    if (padding === 'max_length' && !limited) {
      warn?.once(
        'ROBERTORCH_NO_MAX_LENGTH_TO_PAD',
        'Asking to pad to max_length but no max_length is given and the tokenizer has no model_max_length:' +
          ' not padding.',
      )
      padding = 'do_not_pad'
    }
    if (truncation !== 'do_not_truncate' && !limited) {
      warn?.once(
        'ROBERTORCH_NO_MAX_LENGTH_TO_TRUNCATE',
        'Asking to truncate but no max_length is given and the tokenizer has no model_max_length:' +
          ' not truncating.',
      )
      truncation = 'do_not_truncate'
    }
    if (padding === 'max_length' || truncation !== 'do_not_truncate') maxLength = modelMaxLength
  }
  const multiple = options.pad_to_multiple_of
  if (
    truncation !== 'do_not_truncate' &&
    padding !== 'do_not_pad' &&
    multiple !== undefined &&
    maxLength !== undefined &&
    maxLength % multiple !== 0
  ) {
    throw new ArgumentError(
      `truncation length ${maxLength} is not a multiple of pad_to_multiple_of ${multiple}`,
      { hint: `pass max_length: ${Math.ceil(maxLength / multiple) * multiple}` },
    )
  }
  return { padding, truncation, maxLength }
}

/** The asked length, rounded up to a multiple. */
export function paddedLength(length: number, multiple = 1): number {
  return Math.ceil(length / multiple) * multiple
}
