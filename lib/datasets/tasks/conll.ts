/** Files of tagged words: CoNLL, WNUT, wikigold and the like. */

import { corruptRow } from '../corrupt-row.js'
import type { Dataset } from '../dataset.js'
import { ClassLabel, List, type Row, Value } from '../features.js'
import { IterableDataset } from '../iterable-dataset.js'
import { readLines } from '../readers/lines.js'

/** A sentence, with the columns of the data sets conll2003 and wnut_17. */
export type TaggedRow = {
  tokens: string[]
  /** A number per word; `features.ner_tags` names them. */
  ner_tags: number[]
}

/** Options of `loadConll`. */
export interface ConllOptions {
  /** The tags by number. Default: those of the file, O first and the others in alphabetical order. */
  names?: readonly string[]
  /** Which column has the tag, from 0, or from the end where it is negative. Default -1. */
  tag_column?: number
}

interface TaggedSentence {
  readonly tokens: string[]
  readonly tags: string[]
  readonly lines: number[]
}

/**
 * Reads sentences: a word per line, columns between tabs, or without tabs between blanks, the word first; an empty line
 * ends a sentence. Marks of documents (`-DOCSTART-`) are left out.
 *
 * Give the training data's names for the other splits: `names: train.features.ner_tags.feature.names`.
 *
 * @throws DatasetError for a missing file, CorruptRowError for a line without a tag or a tag that is none of `names`.
 */
export async function loadConll(path: string, options: ConllOptions = {}): Promise<Dataset<TaggedRow>> {
  const sentences: TaggedSentence[] = []
  for await (const sentence of readSentences(path, options)) sentences.push(sentence)
  const found = [...new Set(sentences.flatMap(({ tags }) => tags))].filter((tag) => tag !== 'O').sort()
  const label = new ClassLabel({ names: options.names ?? ['O', ...found] })
  const numbers = new Map(label.names.map((name, i) => [name, i]))
  async function* rows(): AsyncGenerator<Row> {
    for (const { tokens, tags, lines } of sentences) {
      const ner_tags = tags.map((tag, i) => {
        const number = numbers.get(tag)
        if (number !== undefined) return number
        const known = label.names.join(', ')
        throw corruptRow({ file: path, row: lines[i] }, `there is no tag '${tag}': the tags are ${known}`)
      })
      yield { tokens, ner_tags }
    }
  }
  const features = { tokens: new List(new Value('string')), ner_tags: new List(label) }
  return new IterableDataset<TaggedRow>(rows, features).toDataset()
}

async function* readSentences(
  path: string,
  { tag_column = -1 }: ConllOptions,
): AsyncGenerator<TaggedSentence> {
  let sentence: TaggedSentence = { tokens: [], tags: [], lines: [] }
  for await (const { text, number } of readLines(path)) {
    if (text.trim() === '') {
      if (sentence.tokens.length > 0) yield sentence
      sentence = { tokens: [], tags: [], lines: [] }
      continue
    }
    const cells = text.includes('\t') ? text.split('\t') : text.trim().split(/ +/)
    const [token = ''] = cells
    if (token === '-DOCSTART-') continue
    const tag = cells.length < 2 ? undefined : cells.at(tag_column)?.trim()
    if (!token || !tag) {
      const hint =
        'each line has a word and its tag, between a tab or blanks; tag_column says which column has it'
      throw corruptRow(
        { file: path, row: number },
        `the line has ${cells.length} columns and no tag`,
        undefined,
        hint,
      )
    }
    sentence.tokens.push(token)
    sentence.tags.push(tag)
    sentence.lines.push(number)
  }
  if (sentence.tokens.length > 0) yield sentence
}
