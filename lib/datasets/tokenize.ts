/** Tokenized data sets, kept on disk. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ArgumentError } from '../errors.js'
import { sha256Of } from '../sha256.js'
import type { EncodeOptions } from '../transformers/tokenization/options.js'
import type { Dataset } from './dataset.js'
import type { Row } from './features.js'

/** What is needed of a tokenizer; all of this package's have it. */
export interface DatasetTokenizer {
  (
    text: string[] | string[][],
    pair: string[] | string[][] | undefined,
    options: EncodeOptions,
  ): Promise<object>
  save_pretrained(folder: string): Promise<string[]>
}

/** Options of `tokenizeDataset`: those of a tokenizer's call that keep a row a row, and where results are kept. */
export interface TokenizeDatasetOptions
  extends Omit<EncodeOptions, 'text_pair' | 'return_tensors' | 'return_overflowing_tokens' | 'stride'> {
  /** Rows that are tokenized at a time. Default 1000. */
  batch_size?: number
  /** Columns that the result does not need, such as the texts. */
  remove_columns?: readonly string[]
  /** Where results are kept. Default `datasets` in `ROBERTORCH_CACHE` or the system's place for caches. */
  cache_dir?: string
}

/**
 * SHA-256 of the files that a tokenizer is saved as: it changes with the vocabulary, added tokens and settings. Part of
 * a `cacheKey` for `map`.
 */
export async function tokenizerFingerprint(
  tokenizer: Pick<DatasetTokenizer, 'save_pretrained'>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'robertorch-tokenizer-'))
  try {
    const files = await tokenizer.save_pretrained(folder)
    const sums = await Promise.all([...files].sort().map((file) => sha256Of(file)))
    return sums.join(' ')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * A data set with the tokenizer's fields (`input_ids`, `attention_mask`, …) as further columns, of one column of texts or
 * of two whose texts are pairs. The result is kept on disk: the same texts, tokenizer and options are not tokenized again.
 *
 * @param columns the texts, or with `is_split_into_words` lists of words
 * @throws DatasetError for a column that there is not or a cache that cannot be written, what the tokenizer throws.
 */
export async function tokenizeDataset<Out extends Row = Row>(
  dataset: Dataset,
  tokenizer: DatasetTokenizer,
  columns: string | readonly [text: string, pair: string],
  options: TokenizeDatasetOptions = {},
): Promise<Dataset<Out>> {
  const { batch_size, remove_columns, cache_dir, ...encode } = options
  const odd = ['return_overflowing_tokens', 'return_tensors', 'stride'].find((name) => name in encode)
  if (odd !== undefined) {
    throw new ArgumentError(`tokenizeDataset keeps a row a row and takes no ${odd}`, {
      hint: 'use dataset.map with batched: true, remove_columns and a cacheKey',
    })
  }
  const [text, pair] = [columns].flat()
  // Also says which column there is not.
  dataset.select_columns([text as string, ...(pair === undefined ? [] : [pair])])
  const cacheKey = {
    tokenizer: await tokenizerFingerprint(tokenizer),
    columns,
    // The order in which options are written means nothing.
    options: Object.entries(encode).sort(),
    remove_columns,
  }
  return dataset.map<Out>(
    async (batch) => ({
      ...(await tokenizer(
        batch[text as string] as string[],
        pair === undefined ? undefined : (batch[pair] as string[]),
        encode,
      )),
    }),
    { batched: true, batch_size, remove_columns, cacheKey, cache_dir },
  )
}
