import { ArgumentError, TokenizerError } from '../../errors.js'
import { Encoding } from './encoding.js'
import type { EngineSequence, TokenizerEngine } from './engine.js'
import type { Sample, SampleText } from './inputs.js'
import type { EncodeOptions } from './options.js'
import { TextSequence, type TokenSequence, WordsSequence } from './sequence.js'
import { countSpecial, type Piece, type SpecialLayout } from './special-layout.js'
import { paddedLength, type Strategies } from './strategies.js'
import { type Side, type Truncation, truncate, truncateSlowly, windowRows } from './truncation.js'
import type { Warnings } from './warnings.js'

/** Rows of a batch and the index of the sample that each was cut from. */
export interface EncodedRows {
  readonly rows: readonly Encoding[]
  readonly samples: readonly number[]
}

/** What the tokenizer itself contributes to a call. */
export interface EncodeContext {
  readonly engine: TokenizerEngine
  /** Truncates as Python's slow tokenizers do. */
  readonly isSlow: boolean
  readonly warn: Warnings | undefined
  readonly layout: SpecialLayout
  readonly truncationSide: Side
  readonly paddingSide: Side
  readonly pad: { readonly id: number; readonly token: string; readonly typeId: number } | undefined
}

async function tokenizeSamples(
  engine: TokenizerEngine,
  samples: readonly Sample[],
): Promise<TokenSequence[][]> {
  const texts: SampleText[][] = samples.map(({ first, second }) =>
    second === undefined ? [first] : [first, second],
  )
  const encoded = await engine.encode(texts.flat(2))
  let next = 0
  const take = (count: number): EngineSequence[] => {
    next += count
    return encoded.slice(next - count, next)
  }
  const sequenceOf = (text: SampleText): TokenSequence => {
    if (typeof text !== 'string') return new WordsSequence(take(text.length), text)
    const [sequence] = take(1)
    if (!sequence) throw new TokenizerError('the tokenization library returned fewer texts than it was given')
    return new TextSequence(sequence, text)
  }
  return texts.map((sample) => sample.map(sequenceOf))
}

function truncationFor(
  pieces: readonly Piece[],
  { truncation: strategy, maxLength }: Strategies,
  stride: number,
  side: Side,
  isLenient: boolean,
): Truncation | undefined {
  if (strategy === 'do_not_truncate' || maxLength === undefined) return undefined
  const special = countSpecial(pieces)
  const budget = maxLength - special
  if (isLenient) return maxLength === 0 ? undefined : { strategy, budget, stride, side }
  if (budget < 0) {
    throw new ArgumentError(`max_length is ${maxLength} but special tokens alone take ${special}`, {
      hint: `pass max_length: ${special + 1} or more, or add_special_tokens: false`,
    })
  }
  if (stride > budget) {
    throw new ArgumentError(
      `stride is ${stride} but max_length ${maxLength} leaves ${budget} tokens beside the special ones`,
      { hint: `pass a stride below ${budget}` },
    )
  }
  return { strategy, budget, stride, side }
}

function padRows(
  rows: readonly Encoding[],
  longest: number,
  strategies: Strategies,
  options: EncodeOptions,
  context: EncodeContext,
) {
  if (strategies.padding === 'do_not_pad') return
  if (!context.pad) {
    throw new ArgumentError('asking to pad but the tokenizer has no padding token', {
      hint: "load it with from_pretrained(folder, { pad_token: '<pad>' })",
    })
  }
  const wanted = strategies.padding === 'max_length' ? (strategies.maxLength ?? 0) : longest
  const length = paddedLength(wanted, options.pad_to_multiple_of)
  for (const row of rows)
    row.pad({ length, side: options.padding_side ?? context.paddingSide, ...context.pad })
}

/**
 * Tokenizes samples and lays out their rows: special tokens, truncation, overflowing windows, padding.
 * @throws ArgumentError if the options cannot be met by these texts
 */
export async function encodeSamples(
  samples: readonly Sample[],
  strategies: Strategies,
  options: EncodeOptions,
  context: EncodeContext,
): Promise<EncodedRows> {
  const { layout, truncationSide, warn } = context
  // Windows of what was cut off are those of fast tokenizers: slow ones answer a list of ids, of the first text alone.
  const isLenient = context.isSlow && !options.return_overflowing_tokens
  const refused = (remove: number, length: number) =>
    warn?.once(
      'ROBERTORCH_NOT_TRUNCATED',
      `${remove} tokens must go and the text has ${length}: it is left as it is. Pass a larger max_length, or` +
        " truncation: 'longest_first'.",
    )
  const withSpecial = options.add_special_tokens ?? true
  const pieces = (isPair: boolean) =>
    (isPair ? layout.pair : layout.single).filter((piece) => withSpecial || !piece.special)
  const plans = [pieces(false), pieces(true)].map((plan) => ({
    plan,
    // Checked before any work, and for the kinds of rows that really occur.
    truncation: () => truncationFor(plan, strategies, options.stride ?? 0, truncationSide, isLenient),
  }))
  const truncations = plans.map(({ truncation }, i) =>
    samples.some(({ second }) => (second !== undefined) === (i === 1)) ? truncation() : undefined,
  )

  const rows: Encoding[] = []
  const sampleOfRow: number[] = []
  let longest = 0
  const tokenized = await tokenizeSamples(context.engine, samples)
  for (const [sample, sequences] of tokenized.entries()) {
    const kind = sequences.length - 1
    const plan = plans[kind]?.plan ?? []
    const lengths = sequences.map(({ ids }) => ids.length)
    const truncation = truncations[kind]
    const windows = windowRows(
      isLenient ? truncateSlowly(lengths, truncation, refused) : truncate(lengths, truncation),
    )
    const kept = options.return_overflowing_tokens ? windows : windows.slice(0, 1)
    for (const [i, row] of kept.entries()) {
      const encoding = new Encoding(plan, sequences, row, options.offset_unit ?? 'utf16')
      if (i === 0) longest = Math.max(longest, encoding.length)
      rows.push(encoding)
      sampleOfRow.push(sample)
    }
  }
  padRows(rows, longest, strategies, options, context)
  return { rows, samples: sampleOfRow }
}
