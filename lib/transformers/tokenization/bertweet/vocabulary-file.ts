import { TokenizerError } from '../../../errors.js'
import { lstrip, rstrip } from '../../../python-blanks.js'

/**
 * Reads vocab.txt of fairseq: a token and a number, separated by the last blank of each line. Ids go on after the four
 * tokens that come first.
 * @throws TokenizerError for a line without a blank
 */
export function parseCountedVocabulary(text: string, first: readonly string[]): Map<string, number> {
  const ids = new Map<string, number>(first.map((token, id) => [token, id]))
  const lines = text.split(/\r\n|\r|\n/)
  if (lines.at(-1) === '') lines.pop()
  for (const [i, line] of lines.entries()) {
    const stripped = rstrip(lstrip(line))
    const blank = stripped.lastIndexOf(' ')
    if (blank < 0) {
      throw new TokenizerError(
        `vocab.txt: line ${i + 1} must be a token and a number, got ${JSON.stringify(stripped)}`,
        { hint: 'BERTweet’s vocab.txt is a dictionary of fairseq; a file of one token a line is BERT’s' },
      )
    }
    ids.set(stripped.slice(0, blank), ids.size)
  }
  return ids
}
