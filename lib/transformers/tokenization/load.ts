import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TokenizerError } from '../../errors.js'
import { type HubOptions, resolveModelFolder, splitHubOptions } from '../../hub/index.js'
import { wantedTokenizer } from '../wanted-files.js'
import { addedToken } from './added-token.js'
import { checkCharsmaps } from './charsmap.js'
import { addTokens, checkDefinition, type TokenizerDefinition } from './definition.js'
import type { TokenizerEngine } from './engine.js'
import type { IdOf, TokenizerFamily } from './family.js'
import { openHuggingFaceEngine, type UnigramScores } from './huggingface-engine.js'
import type { TokenizerParts } from './pretrained-tokenizer.js'
import { type LoadTokenizerOptions, resolveSettings, type TokenizerSettings } from './settings.js'
import { specialLayout } from './special-layout.js'
import { readTokenizerFolder, type TokenizerFolder } from './tokenizer-folder.js'

/**
 * Opens a definition. Its truncation and padding are left out: what a call does is said by its options alone, as in
 * Transformers.
 * @param where named in the error
 * @param scores exact scores, for a definition that was made here and not read
 * @throws TokenizerError
 */
export function assemble(definition: TokenizerDefinition, where: string, scores?: UnigramScores) {
  checkCharsmaps(definition, where)
  const layout = specialLayout(definition.post_processor)
  try {
    const text = JSON.stringify({ ...definition, truncation: null, padding: null })
    return {
      engine: openHuggingFaceEngine(text, scores),
      layout,
      addedTokens: definition.added_tokens,
      marksSubwords: Boolean(definition.model.continuing_subword_prefix),
    }
  } catch (error) {
    throw new TokenizerError(`the tokenizer in ${where} cannot be read: ${(error as Error).message}`, {
      cause: error,
      hint: 'download or save the tokenizer again',
    })
  }
}

/** Ids of special tokens in a definition that has them all as added tokens. */
export function idsIn(definition: TokenizerDefinition, settings: TokenizerSettings): IdOf {
  return (role) => {
    const content = settings.special_tokens[role]?.content
    const token = definition.added_tokens.find((added) => added.content === content)
    if (content === undefined || !token) throw new TokenizerError(`the tokenizer has no ${role}`)
    return [content, token.id]
  }
}

function readDefinition(
  family: TokenizerFamily,
  files: TokenizerFolder,
  settings: TokenizerSettings,
): TokenizerDefinition {
  const definition = files.definition ?? family.fromVocabulary?.(files.vocabularyFiles, settings)
  if (!definition) {
    throw new TokenizerError(`no tokenizer in ${files.path}: it has no tokenizer.json`, {
      hint: `${family.tokenizerClass} cannot be made from other files`,
    })
  }
  return definition
}

function scoresOf({ model }: TokenizerDefinition): UnigramScores | undefined {
  if (!Array.isArray(model.vocab) || typeof model.unk_id !== 'number') return undefined
  return { vocab: model.vocab, unkId: model.unk_id }
}

/**
 * The definition that an engine works by.
 * @throws TokenizerError for a kind of tokenizer that has none
 */
export async function definitionOf(engine: TokenizerEngine): Promise<TokenizerDefinition> {
  if (!engine.write) throw new TokenizerError('this tokenizer has no tokenizer.json')
  // The library writes files only.
  const folder = await mkdtemp(join(tmpdir(), 'robertorch-'))
  try {
    const path = join(folder, 'tokenizer.json')
    engine.write(path)
    return checkDefinition(JSON.parse(await readFile(path, 'utf8')), path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The files of a folder that `save_pretrained` copies, since tokenizer.json cannot stand in for them. */
async function copiedFiles({ vocabularyFiles, openSlow }: TokenizerFamily, folder: string) {
  const copied = vocabularyFiles.filter((file) => openSlow || file.endsWith('.model'))
  const paths = copied.map((name) => join(folder, name))
  const there = await Promise.all(
    paths.map(async (path) => (await stat(path).catch(() => undefined))?.isFile()),
  )
  return paths.filter((_, i) => there[i])
}

/**
 * The files as Python's slow tokenizers read them: of tokenizer.json the added tokens alone, and those only where
 * tokenizer_config.json has none.
 */
function slowFiles({ definition, ...files }: TokenizerFolder): TokenizerFolder {
  const { config, specialTokensMap, addedTokens = {} } = files
  if (config.added_tokens_decoder || !definition) return files
  const ofFile = Object.entries(addedTokens).map(([content, id]) => [id, addedToken(content)])
  const ofDefinition = definition.added_tokens.map(({ id, ...token }) => [id, token])
  const added_tokens_decoder = Object.fromEntries([...ofFile, ...ofDefinition])
  return { ...files, config: { ...config, ...specialTokensMap, added_tokens_decoder } }
}

/**
 * Reads a tokenizer of a family from a folder or a model on the hub.
 * @throws TokenizerError, ArgumentError, HubError
 */
export async function loadParts(
  family: TokenizerFamily,
  name: string,
  options: LoadTokenizerOptions & HubOptions,
): Promise<TokenizerParts> {
  const [hub, own] = splitHubOptions<LoadTokenizerOptions>(options)
  const folder = await resolveModelFolder(name, hub, wantedTokenizer(family))
  const isSlow = family.openSlow !== undefined
  const read = await readTokenizerFolder(folder, family.vocabularyFiles, isSlow)
  const files = isSlow ? slowFiles(read) : read
  const { settings, addedTokens } = resolveSettings(family, files, own)
  const shared = { family, settings, config: files.config, copiedFiles: await copiedFiles(family, folder) }
  if (family.openSlow) return { ...family.openSlow(files, settings, addedTokens), ...shared }
  const definition = readDefinition(family, files, settings)
  addTokens(definition, addedTokens)
  if (!files.definition && family.postProcessor) {
    definition.post_processor = family.postProcessor(idsIn(definition, settings))
  }
  family.configure?.(definition, settings)
  return {
    ...assemble(definition, folder, files.definition ? undefined : scoresOf(definition)),
    ...shared,
  }
}
