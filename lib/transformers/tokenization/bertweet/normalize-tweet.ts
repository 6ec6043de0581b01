import { splitAtBlanks } from '../../../python-blanks.js'
import { EMOJI_NAMES } from './emoji-names.js'
import { tweetWords } from './tweet-words.js'

const nameOf = new Map(
  EMOJI_NAMES.flatMap((line) => line.split(' ')).map((entry): [string, string] => {
    const [code = '', name = ''] = entry.split(':')
    return [String.fromCodePoint(Number.parseInt(code, 16)), `:${name}:`]
  }),
)
// `emoji.demojize` takes both away.
for (const variationSelector of ['\ufe0e', '\ufe0f']) nameOf.set(variationSelector, '')
// Those that came as HTML entities.
nameOf.set('’', "'").set('…', '...')

function normalizeWord(word: string): string {
  if (word.startsWith('@')) return '@USER'
  if (/^(?:http|www)/i.test(word)) return 'HTTPURL'
  return nameOf.get(word) ?? word
}

/** In this order, each everywhere before the next. */
const REPLACEMENTS: readonly (readonly [string, string])[] = [
  ['cannot ', 'can not '],
  ["n't ", " n't "],
  ["n 't ", " n't "],
  ["ca n't", "can't"],
  ["ai n't", "ain't"],
  ["'m ", " 'm "],
  ["'re ", " 're "],
  ["'s ", " 's "],
  ["'ll ", " 'll "],
  ["'d ", " 'd "],
  ["'ve ", " 've "],
  [' p . m .', '  p.m.'],
  [' p . m ', ' p.m '],
  [' a . m .', ' a.m.'],
  [' a . m ', ' a.m '],
]

/**
 * What BERTweet was trained on: users become `@USER`, links `HTTPURL`, emoji their English names; words are set apart.
 * Reference: `BertweetTokenizer.normalizeTweet` of Transformers 4.57 with Python's package `emoji` installed.
 */
export function normalizeTweet(tweet: string): string {
  const plain = tweet.replaceAll('’', "'").replaceAll('…', '...')
  const words = tweetWords(plain).map(normalizeWord).join(' ')
  const replaced = REPLACEMENTS.reduce((text, [from, to]) => text.replaceAll(from, () => to), words)
  return splitAtBlanks(replaced).join(' ')
}
