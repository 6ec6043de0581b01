/** Which files hold which split. */

import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { DatasetError } from '../errors.js'
import { filesBelow } from '../files-below.js'

/** Files, folders or names with `*` of them; or these by split. */
export type DataFiles = string | readonly string[] | Readonly<Record<string, string | readonly string[]>>

/** Kinds of files, `load_dataset`'s first argument. */
export const builders = {
  csv: ['.csv', '.tsv'],
  json: ['.json', '.jsonl'],
  text: ['.txt'],
  parquet: ['.parquet'],
} as const

export type Builder = keyof typeof builders

export const isBuilder = (name: string): name is Builder => Object.hasOwn(builders, name)

/** The kind that a file's name speaks for. */
export function builderOf(file: string): Builder | undefined {
  const name = file.toLowerCase().replace(/\.gz$/, '')
  return (Object.keys(builders) as Builder[]).find((builder) =>
    builders[builder].some((ending) => name.endsWith(ending)),
  )
}

// The words of Python's `datasets.data_files`.
const keywords: Readonly<Record<string, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'dev', 'val'],
  test: ['test', 'testing', 'eval', 'evaluation'],
}

function splitOf(file: string): string | undefined {
  const words = file.toLowerCase().split(/[^a-z]+/)
  return Object.keys(keywords).find((split) => keywords[split]?.some((keyword) => words.includes(keyword)))
}

/**
 * Files of a data set by split: those whose path has a word such as `train`, `dev` or `test`; all are `train` where none
 * has. Of files of several kinds those of the most frequent one count. As Python's `datasets` chooses them.
 *
 * @throws DatasetError where there is no data file.
 */
export function chooseFiles(
  paths: readonly string[],
  where: string,
): { builder: Builder; splits: Record<string, string[]> } {
  const counts = new Map<Builder, string[]>()
  for (const path of paths) {
    const builder = builderOf(path)
    if (builder) counts.set(builder, [...(counts.get(builder) ?? []), path])
  }
  const [chosen] = [...counts].sort(([, a], [, b]) => b.length - a.length)
  if (!chosen) {
    throw new DatasetError(`${where} has no data files`, {
      hint: `they end with ${Object.values(builders).flat().join(', ')}; data_files names others`,
    })
  }
  const [builder, files] = chosen
  const splits: Record<string, string[]> = {}
  for (const file of [...files].sort()) {
    const split = splitOf(file)
    if (split !== undefined) splits[split] = [...(splits[split] ?? []), file]
  }
  return { builder, splits: Object.keys(splits).length > 0 ? splits : { train: [...files].sort() } }
}

/**
 * The files by split that `data_files` names; without splits they are `train`.
 *
 * @param folder that relative names belong to
 * @throws DatasetError for a name that stands for no file.
 */
export async function namedFiles(data_files: DataFiles, folder = '.'): Promise<Record<string, string[]>> {
  const bySplit: Readonly<Record<string, string | readonly string[]>> =
    typeof data_files === 'object' && !Array.isArray(data_files)
      ? (data_files as Readonly<Record<string, string | readonly string[]>>)
      : { train: data_files as string | readonly string[] }
  const splits: Record<string, string[]> = {}
  for (const [split, names] of Object.entries(bySplit)) {
    const found = await Promise.all([names].flat().map((name) => expand(name, folder)))
    splits[split] = found.flat()
  }
  return splits
}

async function expand(name: string, folder: string): Promise<string[]> {
  const path = /^([/\\]|[A-Za-z]:)/.test(name) ? name : join(folder, name)
  if (!basename(path).includes('*')) {
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory()
    return isFolder ? (await filesBelow(path)).map((file) => join(path, file)) : [path]
  }
  const pattern = namePattern(basename(path))
  const names = await readdir(dirname(path)).catch(() => [])
  const found = names.filter((file) => pattern.test(file)).sort()
  if (found.length === 0) throw new DatasetError(`no file is named as ${path}`, { hint: 'check data_files' })
  return found.map((file) => join(dirname(path), file))
}

/** A name in which `*` stands for any part of it, not for folders. */
export function namePattern(name: string): RegExp {
  const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${name.split('*').map(literal).join('[^/]*')}$`)
}
