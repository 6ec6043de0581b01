import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TokenizerError } from '../../errors.js'
import { checkDefinition, type TokenizerDefinition } from './definition.js'

export type Json = Record<string, unknown>

/** Bytes of the files that a tokenizer is made from where there is no tokenizer.json, by name. */
export type VocabularyFiles = Readonly<Record<string, Buffer>>

/** What a tokenizer folder holds. */
export interface TokenizerFolder {
  readonly path: string
  readonly definition?: TokenizerDefinition
  /** Read when there is no `tokenizer.json`, or it will not do. */
  readonly vocabularyFiles: VocabularyFiles
  readonly config: Json
  readonly specialTokensMap?: Json
  readonly addedTokens?: Json
}

async function readBytes(folder: string, name: string): Promise<Buffer | undefined> {
  try {
    return await readFile(join(folder, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new TokenizerError(`cannot read ${join(folder, name)}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

/**
 * Parses the text of a JSON object.
 * @param file named in the error
 * @throws TokenizerError
 */
export function parseObject(text: string, file: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new TokenizerError(`${file} is damaged: ${(error as Error).message}`, {
      cause: error,
      hint: 'download or save the tokenizer again',
    })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TokenizerError(`${file} must hold a JSON object`)
  }
  return value as Json
}

/**
 * Reads a tokenizer's files.
 * @param vocabularyNames the files that stand in for a missing `tokenizer.json`
 * @param isSlow whether they are needed in any case
 * @throws TokenizerError naming the folder and the files that were looked for
 */
export async function readTokenizerFolder(
  folder: string,
  vocabularyNames: readonly string[],
  isSlow = false,
): Promise<TokenizerFolder> {
  const found = await stat(folder).catch(() => undefined)
  if (!found?.isDirectory()) {
    throw new TokenizerError(`${found ? 'not a folder' : 'no such folder'}: ${folder}`, {
      hint: 'from_pretrained takes the folder that holds tokenizer.json, or a hub id: org/model',
    })
  }
  const object = async (name: string) => {
    const bytes = await readBytes(folder, name)
    return bytes && parseObject(bytes.toString('utf8'), join(folder, name))
  }
  const [definition, config, specialTokensMap, addedTokens] = await Promise.all([
    object('tokenizer.json'),
    object('tokenizer_config.json'),
    object('special_tokens_map.json'),
    object('added_tokens.json'),
  ])
  const vocabularyFiles: Record<string, Buffer> = {}
  if (!definition || isSlow) {
    for (const name of vocabularyNames) {
      const bytes = await readBytes(folder, name)
      if (!bytes) {
        throw new TokenizerError(
          `no tokenizer in ${folder}: looked for ${isSlow ? '' : 'tokenizer.json, or '}` +
            `${vocabularyNames.join(' with ')} (${name} is missing)`,
        )
      }
      vocabularyFiles[name] = bytes
    }
  }
  return {
    path: folder,
    definition: definition && checkDefinition(definition, join(folder, 'tokenizer.json')),
    vocabularyFiles,
    config: config ?? {},
    specialTokensMap,
    addedTokens,
  }
}
