/** GLUE's tasks, from the official files. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { ArgumentError, DatasetError } from '../../errors.js'
import type { Dataset } from '../dataset.js'
import { ClassLabel, type Feature, type Features, type Row, Value } from '../features.js'
import { IterableDataset } from '../iterable-dataset.js'
import { readCsv } from '../readers/csv.js'

interface Task {
  /** Name of the folder that GLUE's archive has. */
  readonly folder: string
  /** Columns of texts: ours, and the file's. */
  readonly texts: Readonly<Record<string, string>>
  readonly label: { readonly column: string; readonly feature: Feature }
  /** Names of the columns where the files have no header. */
  readonly columns?: readonly string[]
  /** Files of splits, by their names; default train.tsv, dev.tsv, test.tsv. */
  readonly files?: Readonly<Record<string, readonly string[]>>
}

const labels = (...names: string[]) => new ClassLabel({ names })
const pair = { sentence1: 'sentence1', sentence2: 'sentence2' }
const entailment = { column: 'label', feature: labels('entailment', 'not_entailment') }

// Columns and labels of the data set nyu-mll/glue.
const tasks = {
  cola: {
    folder: 'CoLA',
    texts: { sentence: 'sentence' },
    label: { column: 'label', feature: labels('unacceptable', 'acceptable') },
    columns: ['source', 'label', 'mark', 'sentence'],
  },
  sst2: {
    folder: 'SST-2',
    texts: { sentence: 'sentence' },
    label: { column: 'label', feature: labels('negative', 'positive') },
  },
  mrpc: {
    folder: 'MRPC',
    texts: { sentence1: '#1 String', sentence2: '#2 String' },
    label: { column: 'Quality', feature: labels('not_equivalent', 'equivalent') },
    files: { test: ['msr_paraphrase_test.txt', 'test.tsv'] },
  },
  stsb: { folder: 'STS-B', texts: pair, label: { column: 'score', feature: new Value('float64') } },
  qqp: {
    folder: 'QQP',
    texts: { question1: 'question1', question2: 'question2' },
    label: { column: 'is_duplicate', feature: labels('not_duplicate', 'duplicate') },
  },
  mnli: {
    folder: 'MNLI',
    texts: { premise: 'sentence1', hypothesis: 'sentence2' },
    label: { column: 'gold_label', feature: labels('entailment', 'neutral', 'contradiction') },
    files: { validation_matched: ['dev_matched.tsv'], validation_mismatched: ['dev_mismatched.tsv'] },
  },
  qnli: { folder: 'QNLI', texts: { question: 'question', sentence: 'sentence' }, label: entailment },
  rte: { folder: 'RTE', texts: pair, label: entailment },
  wnli: {
    folder: 'WNLI',
    texts: pair,
    label: { column: 'label', feature: labels('not_entailment', 'entailment') },
  },
} satisfies Record<string, Task>

/** GLUE's tasks by the names of the data set nyu-mll/glue. */
export type GlueTask = keyof typeof tasks

const splitFiles: Readonly<Record<string, readonly string[]>> = {
  train: ['train.tsv'],
  validation: ['dev.tsv'],
  test: ['test.tsv'],
}

/**
 * Reads a GLUE task from its official files, with columns and labels of the data set nyu-mll/glue: texts, `label`, `idx`.
 * Quotes mean nothing in these files.
 *
 * @param folder of the task, or the one that has all tasks' folders (`CoLA`, `SST-2`, …)
 * @param split train, validation (MNLI: validation_matched, validation_mismatched), test (only MRPC's has labels)
 * @throws ArgumentError for an unknown task, DatasetError for missing files, CorruptRowError for their rows.
 */
export async function loadGlue<R extends Row = Row>(
  task: GlueTask,
  folder: string,
  split: string,
): Promise<Dataset<R>> {
  const known: Task | undefined = Object.hasOwn(tasks, task) ? tasks[task] : undefined
  if (!known) {
    throw new ArgumentError(`there is no GLUE task '${task}'`, {
      hint: `task is one of ${Object.keys(tasks).join(', ')}`,
    })
  }
  const path = findFile(known, folder, split)
  const { column, feature } = known.label
  const fileFeatures: Record<string, Feature> = { [column]: feature }
  const features: Record<string, Feature> = {}
  for (const [ours, theirs] of Object.entries(known.texts)) {
    fileFeatures[theirs] = new Value('string')
    features[ours] = new Value('string')
  }
  const all: Features = { ...features, label: feature, idx: new Value('int64') }
  const { texts, columns } = known
  async function* rows() {
    let idx = 0
    const options = { sep: '\t', quotechar: null, column_names: columns, features: fileFeatures }
    for await (const row of readCsv(path, options)) {
      const values: Row = {}
      for (const [ours, theirs] of Object.entries(texts)) values[ours] = row[theirs]
      yield { ...values, label: row[column], idx: idx++ }
    }
  }
  return new IterableDataset<R>(rows, all).toDataset()
}

function findFile(task: Task, folder: string, split: string): string {
  const names = task.files?.[split] ?? splitFiles[split]
  if (!names) {
    throw new DatasetError(`${task.folder} has no split '${split}'`, {
      hint: `it is one of ${[...new Set([...Object.keys(splitFiles), ...Object.keys(task.files ?? {})])].join(', ')}`,
    })
  }
  const candidates = [folder, join(folder, task.folder)].flatMap((where) =>
    names.map((name) => join(where, name)),
  )
  const found = candidates.find((path) => existsSync(path))
  if (found !== undefined) return found
  throw new DatasetError(`there is no ${candidates.join(', nor ')}`, {
    hint: 'give the folder that GLUE’s archive was unpacked into',
  })
}
