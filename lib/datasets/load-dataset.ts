/** `load_dataset`: files, folders and hub ids as data sets. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { ArgumentError, DatasetError } from '../errors.js'
import { filesBelow } from '../files-below.js'
import { type HubOptions, splitHubOptions } from '../hub/index.js'
import type { HubSettings } from '../hub/settings.js'
import { type Builder, builderOf, chooseFiles, type DataFiles, isBuilder, namedFiles } from './data-files.js'
import type { Dataset } from './dataset.js'
import type { Features, Row } from './features.js'
import { hubFiles } from './hub-files.js'
import { IterableDataset } from './iterable-dataset.js'
import { type CsvOptions, readCsv } from './readers/csv.js'
import { type JsonOptions, readJson } from './readers/json.js'
import { type ParquetOptions, parquetFeatures, readParquet } from './readers/parquet.js'
import { readText, type TextOptions } from './readers/text.js'
import { parseSplit, requireSplit, type SplitPart, sliceRows } from './split-name.js'

/** Options of `load_dataset`: those of Python's, of the hub and of the kind of file. */
export interface LoadDatasetOptions extends HubOptions, CsvOptions, JsonOptions, TextOptions, ParquetOptions {
  /** Files, by split or all `train`; relative to the folder where one is given. */
  data_files?: DataFiles
  /** Folder that holds the files. */
  data_dir?: string
  /** The folder of a configuration inside of a hub's data set: `load_dataset('nyu-mll/glue', { name: 'sst2' })`. */
  name?: string
  /** One split, or a part: `train`, `train[:100]`, `test[10%:20%]`. Default: all, by name. */
  split?: string
  /** Read while it is used, and not into memory. */
  streaming?: boolean
}

/** Data sets by split. */
export type DatasetDict<D = Dataset> = Record<string, D>

type Streaming = LoadDatasetOptions & { streaming: true }
type OneSplit = { split: string }

/**
 * Reads data sets as Python's `load_dataset`: `'csv'`, `'json'`, `'text'` or `'parquet'` with `data_files`; a folder; or
 * the id of a data set on the hub, whose files of these kinds come into the cache of huggingface_hub.
 *
 * @throws DatasetError for files that are missing, CorruptRowError for their rows, HubError for the hub.
 */
export async function load_dataset<R extends Row = Row>(
  path: string,
  options: Streaming & OneSplit,
): Promise<IterableDataset<R>>
export async function load_dataset<R extends Row = Row>(
  path: string,
  options: Streaming,
): Promise<DatasetDict<IterableDataset<R>>>
export async function load_dataset<R extends Row = Row>(
  path: string,
  options: LoadDatasetOptions & OneSplit & { streaming?: false },
): Promise<Dataset<R>>
export async function load_dataset<R extends Row = Row>(
  path: string,
  options?: LoadDatasetOptions & { streaming?: false; split?: undefined },
): Promise<DatasetDict<Dataset<R>>>
export async function load_dataset(
  path: string,
  options: LoadDatasetOptions = {},
): Promise<Dataset | IterableDataset | DatasetDict | DatasetDict<IterableDataset>> {
  return loadFrom(path, options)
}

/** @internal @param own replaces what the environment says of the hub */
export async function loadFrom(
  path: string,
  options: LoadDatasetOptions,
  own: Partial<HubSettings> = {},
): Promise<Dataset | IterableDataset | DatasetDict | DatasetDict<IterableDataset>> {
  const part = options.split === undefined ? undefined : parseSplit(options.split)
  const { builder, splits } = await findFiles(path, options, part, own)
  if (options.streaming) {
    if (part?.slice) {
      throw new ArgumentError(`a part of a split, ${options.split}, cannot be streamed`, {
        hint: 'take(n) and skip(n) of the data set choose rows',
      })
    }
    const open = async (files: readonly string[]) => stream(builder, files, options)
    return part ? open(requireSplit(splits, part.name)) : byName(splits, open)
  }
  const load = async (files: readonly string[]) => (await stream(builder, files, options)).toDataset()
  if (!part) return byName(splits, load)
  return sliceRows(await load(requireSplit(splits, part.name)), part)
}

async function byName<D>(
  splits: Readonly<Record<string, string[]>>,
  load: (files: readonly string[]) => Promise<D>,
): Promise<Record<string, D>> {
  const loaded: Record<string, D> = {}
  for (const [name, files] of Object.entries(splits)) loaded[name] = await load(files)
  return loaded
}

interface Found {
  builder: Builder
  splits: Record<string, string[]>
}

async function findFiles(
  path: string,
  options: LoadDatasetOptions,
  part: SplitPart | undefined,
  own: Partial<HubSettings>,
): Promise<Found> {
  const { data_files, data_dir } = options
  if (isBuilder(path)) {
    if (data_files === undefined && data_dir === undefined) {
      throw new ArgumentError(`load_dataset('${path}') needs data_files`, {
        hint: `load_dataset('${path}', { data_files: 'train.${path === 'json' ? 'jsonl' : path}' })`,
      })
    }
    const splits = await namedFiles(data_files ?? (data_dir as string), data_files ? data_dir : undefined)
    return { builder: path, splits }
  }
  if (!existsSync(path)) {
    const [hub] = splitHubOptions(options)
    return hubFiles(path, { ...options, ...hub }, part?.name, own)
  }
  const folder = data_dir === undefined ? path : join(path, data_dir)
  if (data_files !== undefined) {
    const splits = await namedFiles(data_files, folder)
    return { builder: builderOfAll(Object.values(splits).flat()), splits }
  }
  const { builder, splits } = chooseFiles(await filesBelow(folder), folder)
  const absolute = (files: string[]) => files.map((file) => join(folder, file))
  return {
    builder,
    splits: Object.fromEntries(Object.entries(splits).map(([name, files]) => [name, absolute(files)])),
  }
}

function builderOfAll(files: readonly string[]): Builder {
  const [builder, ...others] = new Set(files.map(builderOf))
  if (builder !== undefined && others.length === 0) return builder
  throw new DatasetError(`data_files are not of one known kind: ${files.slice(0, 5).join(', ')}`, {
    hint: "load_dataset('csv', …), 'json', 'text' or 'parquet' says how they are read",
  })
}

async function stream(
  builder: Builder,
  files: readonly string[],
  options: LoadDatasetOptions,
): Promise<IterableDataset> {
  const read = {
    csv: (file: string) => readCsv(file, options),
    json: (file: string) => readJson(file, options),
    text: (file: string) => readText(file, options),
    parquet: (file: string) => readParquet(file, options),
  }[builder]
  async function* rows() {
    for (const file of files) yield* read(file)
  }
  return new IterableDataset(rows, await knownFeatures(builder, files, options))
}

async function knownFeatures(
  builder: Builder,
  files: readonly string[],
  { features, columns }: LoadDatasetOptions,
): Promise<Features | undefined> {
  if (features || builder !== 'parquet' || files[0] === undefined) return features
  return parquetFeatures(files[0], { columns })
}
