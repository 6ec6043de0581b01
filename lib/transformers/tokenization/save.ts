import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { writeAtomically } from '../../atomic-write.js'
import { TokenizerError } from '../../errors.js'
import type { AddedToken } from './added-token.js'
import { checkDefinition, type TokenizerDefinition } from './definition.js'
import type { TokenizerParts } from './pretrained-tokenizer.js'
import type { TokenizerSettings } from './settings.js'
import type { Json } from './tokenizer-folder.js'

/** Settings that Python writes only where somebody set them. */
const WRITTEN_IF_SET = ['padding_side', 'truncation_side', 'model_input_names'] as const

/** What the files beside tokenizer.json are made of. */
interface Saved {
  readonly added: readonly (AddedToken & { id: number })[]
  /** Tokens of the model's own vocabulary. */
  readonly size: number
  /** The files of the vocabulary. */
  readonly texts: [name: string, content: string][]
}

/** JSON as Python's `json.dumps(indent=2, sort_keys=True)` writes it, so that saving twice changes nothing. */
function pythonJson(value: Json): string {
  const sorted = Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  return `${JSON.stringify(sorted, null, 2)}\n`
}

function withoutSpecial({ content, lstrip, normalized, rstrip, single_word }: AddedToken) {
  return { content, lstrip, normalized, rstrip, single_word }
}

/** Without its SentencePiece model a tokenizer of this kind is a fast one alone, and named so. */
function className({ family, copiedFiles = [] }: TokenizerParts): string {
  const needsModel = family.vocabularyFiles.some((name) => name.endsWith('.model'))
  return needsModel && copiedFiles.length === 0 ? `${family.tokenizerClass}Fast` : family.tokenizerClass
}

function configText(parts: TokenizerParts, addedTokens: Saved['added']): string {
  const { settings, config, family } = parts
  const { special_tokens, additional_special_tokens, ...rest } = settings
  const plain: Json = { ...rest }
  for (const name of WRITTEN_IF_SET) {
    if (!(name in config) && String(rest[name]) === String(family.defaults[name])) delete plain[name]
  }
  const decoder = addedTokens.map((token) => [token.id, { ...withoutSpecial(token), special: token.special }])
  const text = pythonJson({
    extra_special_tokens: {},
    ...config,
    ...plain,
    ...Object.fromEntries(Object.entries(special_tokens).map(([name, { content }]) => [name, content])),
    ...(additional_special_tokens.length > 0 && {
      additional_special_tokens: additional_special_tokens.map(({ content }) => content),
    }),
    added_tokens_decoder: Object.fromEntries(decoder),
    tokenizer_class: className(parts),
  })
  // Python compares this number with integers and writes it in full.
  const limit = settings.model_max_length
  return text.replace(`"model_max_length": ${limit}`, `"model_max_length": ${BigInt(Math.floor(limit))}`)
}

function specialTokensText({ special_tokens, additional_special_tokens }: TokenizerSettings): string {
  return pythonJson({
    ...Object.fromEntries(
      Object.entries(special_tokens).map(([name, token]) => [name, withoutSpecial(token)]),
    ),
    ...(additional_special_tokens.length > 0 && {
      additional_special_tokens: additional_special_tokens.map(withoutSpecial),
    }),
  })
}

/** The files of a vocabulary that older programs read. */
function vocabularyTexts({ model }: TokenizerDefinition): [string, string][] {
  if (Array.isArray(model.vocab)) return []
  const entries = Object.entries(model.vocab).sort(([, a], [, b]) => a - b)
  if (model.type === 'WordPiece') return [['vocab.txt', entries.map(([token]) => `${token}\n`).join('')]]
  if (model.type !== 'BPE') return []
  const vocab = entries.map(([token, id]) => `${JSON.stringify(token)}:${id}`).join(',')
  const merges = (model.merges as (string | [string, string])[]).map((merge) =>
    typeof merge === 'string' ? merge : merge.join(' '),
  )
  return [
    ['vocab.json', `{${vocab}}`],
    ['merges.txt', `${['#version: 0.2', ...merges].join('\n')}\n`],
  ]
}

/** Added tokens that the model's own vocabulary lacks, for Python's slow tokenizers. */
function addedTokensFile({ added, size }: Saved): [string, string][] {
  const beyond = added.filter(({ id }) => id >= size)
  if (beyond.length === 0) return []
  return [
    ['added_tokens.json', pythonJson(Object.fromEntries(beyond.map(({ content, id }) => [content, id])))],
  ]
}

function savedDefinition(text: string): Saved {
  const definition = checkDefinition(JSON.parse(text), 'tokenizer.json')
  const { added_tokens: added, model } = definition
  return { added, size: Object.keys(model.vocab).length, texts: vocabularyTexts(definition) }
}

/**
 * Writes everything that Python's `AutoTokenizer` and older readers look for. Each file appears whole or not at
 * all. Returns the paths.
 * @throws TokenizerError if the folder cannot be written
 */
export async function saveTokenizer(folder: string, state: TokenizerParts): Promise<string[]> {
  const written: string[] = []
  const write = async (name: string, fill: (path: string) => void | Promise<void>) => {
    const path = join(folder, name)
    await writeAtomically(path, fill)
    written.push(path)
  }
  try {
    await mkdir(folder, { recursive: true })
    const { engine } = state
    let saved: Saved
    if (engine.write) {
      await write('tokenizer.json', (path) => engine.write?.(path))
      saved = savedDefinition(await readFile(join(folder, 'tokenizer.json'), 'utf8'))
    } else {
      saved = { added: engine.addedTokens?.() ?? [], size: engine.vocabularySize(false), texts: [] }
    }
    const files: [string, string][] = [
      ['tokenizer_config.json', configText(state, saved.added)],
      ['special_tokens_map.json', specialTokensText(state.settings)],
      ...saved.texts,
      ...addedTokensFile(saved),
    ]
    for (const [name, content] of files) await write(name, (path) => writeFile(path, content))
    for (const source of state.copiedFiles ?? []) {
      const name = basename(source)
      // Over itself a file cannot be copied, and need not be.
      if (resolve(source) !== resolve(folder, name)) await write(name, (path) => copyFile(source, path))
      else written.push(join(folder, name))
    }
    return written
  } catch (error) {
    throw new TokenizerError(`cannot save the tokenizer in ${folder}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
