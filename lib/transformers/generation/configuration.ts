/** generation_config.json: how `generate` chooses tokens. */

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { writeAtomically } from '../../atomic-write.js'
import { CheckpointError, ConfigError } from '../../errors.js'
import { type HubOptions, resolveModelFolder, splitHubOptions } from '../../hub/index.js'
import type { PretrainedConfig } from '../configuration.js'
import { makeFolder, requireFolder } from '../folder.js'

const fileName = 'generation_config.json'

/**
 * The fields of transformers GenerationConfig with their defaults. All are read and written; what `generate` does not do
 * it refuses by name.
 */
const defaults = {
  /** Tokens of prompt and continuation; `max_new_tokens` wins. The default of 20 counts new tokens. */
  max_length: 20 as number | null,
  max_new_tokens: null as number | null,
  /** No end of sequence before this many tokens, prompt included; `min_new_tokens`: without it. */
  min_length: 0 as number | null,
  min_new_tokens: null as number | null,
  /** Seconds after which the sequence ends with the token that is being made. */
  max_time: null as number | null,
  stop_strings: null as string | string[] | null,
  /** Draw from the probabilities instead of taking the most likely token. */
  do_sample: false,
  num_beams: 1,
  early_stopping: false as boolean | 'never',
  use_cache: true,
  cache_implementation: null as string | null,
  cache_config: null as object | null,
  return_legacy_cache: null as boolean | null,
  prefill_chunk_size: null as number | null,
  temperature: 1 as number | null,
  /** Keep this many of the most likely tokens; 0: all. */
  top_k: 50 as number | null,
  /** Keep the most likely tokens that together reach this probability. */
  top_p: 1 as number | null,
  /** Keep tokens with at least this part of the most likely one's probability. */
  min_p: null as number | null,
  typical_p: 1 as number | null,
  epsilon_cutoff: 0 as number | null,
  eta_cutoff: 0 as number | null,
  /** Above 1: tokens that are there already become less likely. */
  repetition_penalty: 1 as number | null,
  encoder_repetition_penalty: 1 as number | null,
  length_penalty: 1 as number | null,
  /** No sequence of this many tokens comes twice; 0: off. */
  no_repeat_ngram_size: 0 as number | null,
  encoder_no_repeat_ngram_size: 0 as number | null,
  /** Sequences of ids that must not appear. */
  bad_words_ids: null as number[][] | null,
  /** What is added to a token's score where it would complete a sequence of ids. */
  sequence_bias: null as [ids: number[], bias: number][] | null,
  renormalize_logits: false,
  forced_bos_token_id: null as number | null,
  forced_eos_token_id: null as number | number[] | null,
  remove_invalid_values: false,
  /** [start, factor]: from `start` new tokens on the end of sequence becomes likelier, exponentially. */
  exponential_decay_length_penalty: null as [start: number, factor: number] | null,
  suppress_tokens: null as number[] | null,
  begin_suppress_tokens: null as number[] | null,
  token_healing: false,
  guidance_scale: null as number | null,
  watermarking_config: null as object | null,
  /** Continuations of each prompt, one after another in the result; needs `do_sample`. */
  num_return_sequences: 1,
  output_attentions: false,
  output_hidden_states: false,
  /** With `return_dict_in_generate`: scores after processing, by step; `output_logits`: before. */
  output_scores: false,
  output_logits: null as boolean | null,
  return_dict_in_generate: false,
  pad_token_id: null as number | null,
  bos_token_id: null as number | null,
  eos_token_id: null as number | number[] | null,
  decoder_start_token_id: null as number | number[] | null,
  is_assistant: false,
  num_assistant_tokens: 20,
  num_assistant_tokens_schedule: 'constant',
  assistant_confidence_threshold: 0.4,
  prompt_lookup_num_tokens: null as number | null,
  max_matching_ngram_size: null as number | null,
  assistant_early_exit: null as number | null,
  assistant_lookbehind: 10,
  target_lookbehind: 10,
  disable_compile: false,
  low_memory: null as boolean | null,
  penalty_alpha: null as number | null,
  dola_layers: null as string | number[] | null,
  diversity_penalty: 0,
  num_beam_groups: 1,
  constraints: null as unknown[] | null,
  force_words_ids: null as unknown[] | null,
}

/** The fields of `generation_config.json`. */
export type GenerationFields = typeof defaults

/** Fields that are known, and others, which are kept. */
type GenerationInput = Partial<GenerationFields> & { [field: string]: unknown }

/** Names of all fields. */
export const generationFields: ReadonlySet<string> = new Set(Object.keys(defaults))

export interface GenerationConfig extends GenerationFields {}

/** transformers GenerationConfig: defaults of `model.generate`, kept in `generation_config.json` beside the weights. */
export class GenerationConfig {
  /** @throws ConfigError for values that no kind of generation can use. */
  constructor(fields: GenerationInput = {}) {
    Object.assign(this, structuredClone(defaults), structuredClone(fields))
    this.validate()
  }

  /** The generation fields among a model's own; an output that is asked for sets `return_dict_in_generate`. */
  static from_model_config(config: PretrainedConfig): GenerationConfig {
    const own = Object.entries(config).filter(
      ([field, value]) => generationFields.has(field) && value !== null && value !== undefined,
    )
    const made = new GenerationConfig({ ...Object.fromEntries(own), _from_model_config: true })
    made.return_dict_in_generate ||=
      made.output_attentions || made.output_hidden_states || made.output_scores || made.output_logits === true
    return made
  }

  /**
   * Reads `generation_config.json` of a folder or of a model on the hub; unknown fields are kept.
   *
   * @param options fields that go before those of the file, and where to look
   * @throws ConfigError when the folder has none, or when it is no JSON object; HubError.
   */
  static async from_pretrained(
    name: string,
    options: Partial<GenerationFields> & HubOptions = {},
  ): Promise<GenerationConfig> {
    const [hub, overrides] = splitHubOptions<Partial<GenerationFields>>(options)
    const folder = await resolveModelFolder(name, hub, async () => [fileName])
    const fields = await readFields(folder)
    if (fields === null) {
      throw new ConfigError(`${folder} has no ${fileName}`, {
        hint: 'GenerationConfig.from_model_config(model.config) makes one of the defaults',
      })
    }
    return new GenerationConfig({ ...fields, ...overrides })
  }

  /** `from_pretrained`, or null when the folder has no such file. */
  static async find(folder: string): Promise<GenerationConfig | null> {
    const fields = await readFields(folder)
    return fields && new GenerationConfig(fields)
  }

  /** A copy with other values of some fields. */
  with(fields: Partial<GenerationFields>): GenerationConfig {
    return new GenerationConfig({ ...(this as GenerationFields), ...fields })
  }

  /** Refuses what contradicts itself, whatever the model. */
  validate(): void {
    const { max_new_tokens, num_return_sequences, num_beams, do_sample } = this
    if (max_new_tokens !== null && !(max_new_tokens > 0))
      throw new ConfigError(`max_new_tokens must be above 0, is ${max_new_tokens}`)
    if (!Number.isInteger(num_return_sequences) || num_return_sequences < 1)
      throw new ConfigError(`num_return_sequences must be a whole number above 0, is ${num_return_sequences}`)
    if (num_return_sequences > 1 && num_beams === 1 && !do_sample) {
      throw new ConfigError(
        `num_return_sequences is ${num_return_sequences}, but the most likely tokens give one sequence only`,
        { hint: 'set do_sample: true' },
      )
    }
  }

  /** Fields that differ from the defaults, sorted, as Python writes them; all with `diff: false`. */
  to_dict(options: { diff?: boolean } = {}): Record<string, unknown> {
    const same = (field: string, value: unknown) =>
      JSON.stringify(value) === JSON.stringify((defaults as Record<string, unknown>)[field])
    const fields = Object.entries(this).filter(
      ([field, value]) => options.diff === false || !generationFields.has(field) || !same(field, value),
    )
    return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /**
   * Writes `generation_config.json` into a folder, which is made when missing.
   *
   * @throws CheckpointError when it cannot be written; one that was there is unchanged then.
   */
  async save_pretrained(folder: string): Promise<void> {
    this.validate()
    await makeFolder(folder)
    const path = join(folder, fileName)
    const text = `${JSON.stringify(this.to_dict(), null, 2)}\n`
    try {
      await writeAtomically(path, (temporary) => writeFile(temporary, text))
    } catch (error) {
      throw new CheckpointError(`${path} cannot be written: ${(error as Error).message}`, { cause: error })
    }
  }
}

async function readFields(folder: string): Promise<Record<string, unknown> | null> {
  requireFolder(folder)
  const path = join(folder, fileName)
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    // ENOTDIR: a single file was loaded, which has no such file of its own.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw new ConfigError(`${path} cannot be read: ${(error as Error).message}`, { cause: error })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(`${path} must hold a JSON object`)
  }
  return value as Record<string, unknown>
}
