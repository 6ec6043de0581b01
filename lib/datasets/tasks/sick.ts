/** SICK: pairs of sentences with entailment and relatedness. */

import { DatasetError } from '../../errors.js'
import type { Dataset } from '../dataset.js'
import { ClassLabel, Value } from '../features.js'
import { IterableDataset } from '../iterable-dataset.js'
import { readCsv } from '../readers/csv.js'

/** A row of SICK. */
export type SickRow = {
  id: number
  sentence_A: string
  sentence_B: string
  /** 0 entailment, 1 neutral, 2 contradiction. */
  label: number
  /** 1 (unrelated) to 5 (the same meaning). */
  relatedness_score: number
}

const features = {
  id: new Value('int64'),
  sentence_A: new Value('string'),
  sentence_B: new Value('string'),
  label: new ClassLabel({ names: ['entailment', 'neutral', 'contradiction'] }),
  relatedness_score: new Value('float64'),
}
const parts: Readonly<Record<string, string>> = { train: 'TRAIN', validation: 'TRIAL', test: 'TEST' }

/**
 * Reads a split of SICK.txt: its columns, and of the entailment the number as `label`.
 *
 * @throws DatasetError for a missing file or an unknown split, CorruptRowError for a row that does not fit.
 */
export async function loadSick(
  path: string,
  split: 'train' | 'validation' | 'test',
): Promise<Dataset<SickRow>> {
  const part = Object.hasOwn(parts, split) ? parts[split] : undefined
  if (part === undefined) {
    throw new DatasetError(`SICK has no split '${split}': it has ${Object.keys(parts).join(', ')}`)
  }
  const names = features.label.names.map((name) => name.toUpperCase())
  const file = {
    pair_ID: features.id,
    sentence_A: features.sentence_A,
    sentence_B: features.sentence_B,
    entailment_label: new ClassLabel({ names }),
    relatedness_score: features.relatedness_score,
    SemEval_set: new ClassLabel({ names: Object.values(parts) }),
  }
  const wanted = Object.values(parts).indexOf(part)
  async function* rows() {
    for await (const row of readCsv(path, { sep: '\t', quotechar: null, features: file })) {
      if (row.SemEval_set !== wanted) continue
      const { pair_ID: id, sentence_A, sentence_B, entailment_label: label, relatedness_score } = row
      yield { id, sentence_A, sentence_B, label, relatedness_score }
    }
  }
  return new IterableDataset<SickRow>(rows, features).toDataset()
}
