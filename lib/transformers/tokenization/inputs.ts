import { ArgumentError, TokenizerError } from '../../errors.js'
import type { TextInput } from './options.js'

/** A text, or a text split into words. */
export type SampleText = string | readonly string[]

/** One text or one pair of texts. */
export interface Sample {
  readonly first: SampleText
  readonly second?: SampleText
}

const LONE_SURROGATE = /\p{Surrogate}/u

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  return typeof value === 'object'
    ? `a ${value.constructor?.name ?? 'object'}`
    : `${typeof value} ${String(value)}`
}

/** Checks that a value is well-formed text.
 * @param where named in the errors
 * @throws ArgumentError, TokenizerError
 */
export function checkText(value: unknown, where: string): string {
  if (typeof value !== 'string') {
    throw new ArgumentError(`${where} must be a string, got ${describe(value)}`)
  }
  // Rust strings cannot hold half a character; the library would silently put U+FFFD in its place.
  if (LONE_SURROGATE.test(value)) {
    throw new TokenizerError(`${where} has a lone surrogate at index ${value.search(LONE_SURROGATE)}`, {
      hint: 'text.toWellFormed() replaces it by U+FFFD; cut texts between code points',
    })
  }
  return value
}

function checkSampleText(value: unknown, where: string, split: boolean): SampleText {
  if (!split) return checkText(value, where)
  if (!Array.isArray(value)) {
    throw new ArgumentError(`${where} must be an array of words, got ${describe(value)}`, {
      hint: 'without is_split_into_words a plain string is accepted',
    })
  }
  return value.map((word, i) => checkText(word, `${where}[${i}]`))
}

/**
 * Checks one text and its optional pair.
 * @param keepEmpty whether an empty second text counts as one; it does not in `encode_plus` of Python's fast tokenizers
 * @throws ArgumentError, TokenizerError
 */
export function singleSample(text: unknown, pair: unknown, split: boolean, keepEmpty = false): Sample {
  const first = checkSampleText(text, 'text', split)
  if (pair === undefined || pair === null) return { first }
  const second = checkSampleText(pair, 'text_pair', split)
  return second.length === 0 && !keepEmpty ? { first } : { first, second }
}

/**
 * Checks a batch of texts or of `[text, pair]` elements.
 * @throws ArgumentError naming the wrong element, TokenizerError
 */
export function batchSamples(texts: unknown, pairs: unknown, split: boolean): Sample[] {
  if (!Array.isArray(texts)) throw new ArgumentError(`a batch must be an array, got ${describe(texts)}`)
  if (texts.length === 0) {
    throw new ArgumentError('the batch is empty: 0 texts were given, at least 1 is needed', {
      hint: 'skip the call when there is nothing to tokenize',
    })
  }
  if (pairs === undefined || pairs === null) {
    return texts.map((element, i) => batchElement(element, `text[${i}]`, split))
  }
  if (!Array.isArray(pairs)) {
    throw new ArgumentError(`text_pair must be an array, as text is, got ${describe(pairs)}`)
  }
  if (pairs.length !== texts.length) {
    throw new ArgumentError(`text has ${texts.length} elements but text_pair has ${pairs.length}`)
  }
  return texts.map((text, i) => ({
    first: checkSampleText(text, `text[${i}]`, split),
    second: checkSampleText(pairs[i], `text_pair[${i}]`, split),
  }))
}

function batchElement(element: unknown, where: string, split: boolean): Sample {
  const isPair = Array.isArray(element) && (split ? Array.isArray(element[0]) : true)
  if (!isPair) return { first: checkSampleText(element, where, split) }
  if (element.length !== 2) {
    throw new ArgumentError(
      `${where} must be a text or a pair [text, text], got an array of ${element.length}`,
      {
        hint: 'for texts that are split into words pass is_split_into_words: true',
      },
    )
  }
  return {
    first: checkSampleText(element[0], `${where}[0]`, split),
    second: checkSampleText(element[1], `${where}[1]`, split),
  }
}

/** Whether a tokenizer call was given a batch, by the rule of Python's `__call__`. */
export function isBatch(text: TextInput, split: boolean): boolean {
  return Array.isArray(text) && (!split || Array.isArray(text[0]))
}
