import { readFile } from 'node:fs/promises'

import { ConfigError } from '../errors.js'

/**
 * The value that a JSON file holds; undefined where there is no such file.
 *
 * @throws ConfigError naming the file when it cannot be read or is damaged
 */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new ConfigError(`cannot read ${path}: ${error.message}`, { cause: error })
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConfigError(`${path} is not valid JSON: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * The object that a JSON file holds; undefined where there is no such file.
 *
 * @throws ConfigError naming the file
 */
export async function readJsonObject(path: string): Promise<Record<string, unknown> | undefined> {
  const value = await readJsonFile(path)
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(`${path} must hold a JSON object`)
  }
  return value as Record<string, unknown>
}
