/**
 * fairseq's vocabulary as transformers has it. `dict.txt` has a BPE id and its count in each line, in the order of the
 * model's own ids, which begin with four special tokens and end with <mask>; `encoder.json` names the BPE ids.
 */

import { CheckpointError } from '../../../errors.js'

const before = ['<s>', '<pad>', '</s>', '<unk>']
const overwrite = '#fairseq:overwrite'

/** The symbols of `dict.txt` by id. */
function symbolsOf(dictionary: string, path: string): string[] {
  const symbols = [...before]
  for (const [i, line] of dictionary.split('\n').entries()) {
    if (line === '' || line.startsWith('#fairseq:')) continue
    const bare = line.endsWith(` ${overwrite}`) ? line.slice(0, -overwrite.length - 1) : line
    const space = bare.lastIndexOf(' ')
    if (space < 1 || !/^\d+$/.test(bare.slice(space + 1))) {
      throw new CheckpointError(`${path}: line ${i + 1} is no symbol and its count`)
    }
    symbols.push(bare.slice(0, space))
  }
  return [...symbols, '<mask>']
}

/**
 * `vocab.json`: tokens and the model's ids.
 *
 * @param encoderJson tokens and their BPE ids
 * @throws CheckpointError for a line that is no entry, and for a BPE id without a token.
 */
export function vocabularyOf(dictionary: string, encoderJson: string, path: string): Record<string, number> {
  const tokens = idsOf(encoderJson, path)
  const byId = new Map(Object.entries(tokens).map(([token, id]) => [String(id), token]))
  const entries = symbolsOf(dictionary, path).map((symbol, id): [string, number] => {
    // Fillers keep their name; a BPE id is a number.
    const token = /^\d+$/.test(symbol) ? byId.get(symbol) : symbol
    if (token === undefined) {
      throw new CheckpointError(`${path}: encoder.json has no token with the id ${symbol}`, {
        hint: 'encoder.json, vocab.bpe and dict.txt must be of one model',
      })
    }
    return [token, id]
  })
  const vocabulary = Object.fromEntries(entries)
  if (Object.keys(vocabulary).length !== entries.length) {
    throw new CheckpointError(`${path} names a token twice`)
  }
  return vocabulary
}

/** Tokens and their BPE ids. */
function idsOf(encoderJson: string, path: string): Record<string, number> {
  let tokens: unknown
  try {
    tokens = JSON.parse(encoderJson)
  } catch (error) {
    throw new CheckpointError(`encoder.json beside ${path} is not valid JSON: ${(error as Error).message}`, {
      cause: error,
    })
  }
  const isObject = typeof tokens === 'object' && tokens !== null && !Array.isArray(tokens)
  if (isObject && Object.values(tokens as object).every(Number.isInteger))
    return tokens as Record<string, number>
  throw new CheckpointError(`encoder.json beside ${path} must be an object of tokens and their ids`)
}
