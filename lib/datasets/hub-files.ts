/** The data files of a data set on the hub. */

import { join } from 'node:path'

import { DatasetError } from '../errors.js'
import { type HubOptions, resolveModelFolder } from '../hub/index.js'
import type { HubSettings } from '../hub/settings.js'
import { type Builder, builderOf, chooseFiles, type DataFiles, namePattern } from './data-files.js'
import { requireSplit } from './split-name.js'

interface Wanted extends HubOptions {
  data_files?: DataFiles
  data_dir?: string
  name?: string
}

/**
 * Brings the data files of a split, or of all, into the cache: those that `data_files` names, else those of the folder
 * `data_dir` or `name`, else those of the repository, if only one folder has any.
 *
 * @throws DatasetError where there are none, or several folders have some; HubError and its kinds.
 */
export async function hubFiles(
  id: string,
  options: Wanted,
  split: string | undefined,
  own: Partial<HubSettings>,
): Promise<{ builder: Builder; splits: Record<string, string[]> }> {
  let chosen: ReturnType<typeof chooseFiles> | undefined
  const folder = await resolveModelFolder(
    id,
    options,
    async (_has, _folder, list) => {
      chosen = choose(id, await list(), options)
      const { splits } = chosen
      return split === undefined ? Object.values(splits).flat() : requireSplit(splits, split)
    },
    { repositoryType: 'dataset', ...own },
  )
  if (!chosen) {
    throw new DatasetError(`there is no file or folder ${id}, and it is no id of a data set on the hub`, {
      hint: "load_dataset takes 'csv', 'json', 'text' or 'parquet' with data_files, a folder, or org/name",
    })
  }
  const { builder, splits } = chosen
  const absolute = Object.entries(splits).map(([name, files]) => [
    name,
    files.map((file) => join(folder, file)),
  ])
  return { builder, splits: Object.fromEntries(absolute) }
}

function choose(id: string, paths: readonly string[], options: Wanted): ReturnType<typeof chooseFiles> {
  const { data_files, data_dir = options.name } = options
  if (data_files !== undefined) return chooseNamed(id, paths, data_files)
  const inside = data_dir === undefined ? paths : paths.filter((path) => path.startsWith(`${data_dir}/`))
  const folders = [...new Set(inside.filter(builderOf).map(topFolder))].filter(
    (top) => top !== '' && top !== 'data',
  )
  if (data_dir === undefined && folders.length > 1) {
    throw new DatasetError(`${id} has data files in several folders: ${folders.sort().join(', ')}`, {
      hint: `choose one: load_dataset('${id}', { name: '${folders[0]}' })`,
    })
  }
  return chooseFiles(inside, data_dir === undefined ? id : `${id}/${data_dir}`)
}

const topFolder = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')

function chooseNamed(
  id: string,
  paths: readonly string[],
  data_files: DataFiles,
): ReturnType<typeof chooseFiles> {
  const isBySplit = typeof data_files === 'object' && !Array.isArray(data_files)
  const bySplit = (isBySplit ? data_files : { train: data_files }) as Record<
    string,
    string | readonly string[]
  >
  const splits: Record<string, string[]> = {}
  for (const [name, files] of Object.entries(bySplit)) {
    splits[name] = [files].flat().flatMap((pattern) => {
      const found = paths.filter((path) => namePattern(pattern).test(path))
      if (found.length === 0)
        throw new DatasetError(`${id} has no file ${pattern}`, { hint: 'check data_files' })
      return found
    })
  }
  return { builder: chooseFiles(Object.values(splits).flat(), id).builder, splits }
}
