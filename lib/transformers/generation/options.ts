/** What `generate` takes and gives. */

import { ArgumentError } from '../../errors.js'
import type { LayerCache } from '../../native/addon.js'
import type { Tensor } from '../../torch/tensor.js'
import type { DecoderInputs } from '../modeling/inputs.js'
import { type GenerationConfig, type GenerationFields, generationFields } from './configuration.js'
import type { LogitsProcessor } from './logits-processor.js'
import type { StoppingCriterion } from './stopping.js'

/** transformers BaseStreamer: receives tokens while they are made. */
export interface BaseStreamer {
  /** The prompt's ids (batch, tokens) first, then the ids of each step (batch); on the CPU, released afterwards. */
  put(ids: Tensor): void
  /** After the last step. */
  end(): void
}

/** The inputs of a decoder that are the same in every step, or grow with it. */
type PromptInputs = Pick<
  DecoderInputs,
  | 'input_ids'
  | 'inputs_embeds'
  | 'attention_mask'
  | 'token_type_ids'
  | 'head_mask'
  | 'encoder_hidden_states'
  | 'encoder_attention_mask'
>

const promptInputs = new Set<string>([
  'input_ids',
  'inputs_embeds',
  'attention_mask',
  'token_type_ids',
  'head_mask',
  'encoder_hidden_states',
  'encoder_attention_mask',
] satisfies (keyof PromptInputs)[])

/** Which positions the tokens have. */
export type Positions = 'transformers' | 'model'

export interface GenerateOptions extends Partial<GenerationFields>, PromptInputs {
  /** In place of the model's; the fields beside it win over both. */
  generation_config?: GenerationConfig
  /** Run after the built-in processors and before those of sampling. */
  logits_processor?: readonly LogitsProcessor[]
  stopping_criteria?: readonly StoppingCriterion[]
  streamer?: BaseStreamer
  /** Ends generation after the step under way, with an AbortedError. */
  signal?: AbortSignal
  /**
   * 'transformers' (default): Transformers' `generate` numbers the tokens that the attention mask has from 0, whatever the
   * family, and this gives its tokens to the bit. For RoBERTa, XLM-R and CamemBERT that is not how `forward` numbers them,
   * in training and elsewhere: 'model' does as `forward`, which is what a model trained here wants.
   */
  positions?: Positions
}

/** transformers GenerateDecoderOnlyOutput: what `return_dict_in_generate` gives. */
export interface GenerateDecoderOnlyOutput {
  /** int64 (batch × num_return_sequences, tokens): prompt and continuation, padded at the end with `pad_token_id`. */
  readonly sequences: Tensor
  /** By step (batch, vocab_size), after the processors; only with `output_scores`. */
  readonly scores?: readonly Tensor[]
  /** By step (batch, vocab_size), as the model gave them; only with `output_logits`. */
  readonly logits?: readonly Tensor[]
  /** By step and layer; only with `output_attentions`. */
  readonly attentions?: readonly (readonly Tensor[])[]
  /** By step and layer; only with `output_hidden_states`. */
  readonly hidden_states?: readonly (readonly Tensor[])[]
  /** Of all but the last token; only with `use_cache`. */
  readonly past_key_values?: readonly LayerCache[]
}

export interface Request {
  config: GenerationConfig
  inputs: PromptInputs
}

/**
 * Sorts the options into configuration and inputs. Where a configuration is given, its defaults give way to the model's.
 *
 * @throws ArgumentError for a name that is neither, and for kinds of generation that this package does not have.
 */
export function readOptions(
  {
    generation_config: given,
    ...named
  }: Partial<GenerationFields> & { generation_config?: GenerationConfig },
  own: GenerationConfig,
): Request {
  const fields: Record<string, unknown> = {}
  const inputs: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(named)) {
    if (value === undefined) continue
    if (generationFields.has(name)) fields[name] = value
    else if (promptInputs.has(name)) inputs[name] = value
    else {
      throw new ArgumentError(`generate() has no option '${name}'`, {
        hint: 'it takes the fields of GenerationConfig and the inputs of the model',
      })
    }
  }
  const base = given ? own.with(given.to_dict() as Partial<GenerationFields>) : own
  const config = base.with(fields)
  for (const [field, isUnused] of Object.entries(unsupported)) {
    const value = config[field as keyof GenerationFields]
    if (isUnused(value, config)) continue
    throw new ArgumentError(`generate() does not support ${field} ${JSON.stringify(value)}`, {
      hint: 'it takes the most likely token, or samples with do_sample: true; leave the field at its default',
    })
  }
  return { config, inputs }
}

const isNull = (value: unknown) => value === null
const isNullOr = (harmless: unknown) => (value: unknown) => value === null || value === harmless

/** Fields that would change the tokens, and when they do not. */
const unsupported: Partial<
  Record<keyof GenerationFields, (value: unknown, config: GenerationConfig) => boolean>
> = {
  num_beams: isNullOr(1),
  num_beam_groups: isNullOr(1),
  penalty_alpha: (value, { do_sample }) => value === null || value === 0 || do_sample,
  constraints: isNull,
  force_words_ids: isNull,
  dola_layers: isNull,
  prompt_lookup_num_tokens: isNull,
  assistant_early_exit: isNull,
  guidance_scale: isNullOr(1),
  encoder_repetition_penalty: isNullOr(1),
  encoder_no_repeat_ngram_size: isNullOr(0),
  watermarking_config: isNull,
  stop_strings: isNull,
  token_healing: isNullOr(false),
  cache_implementation: (value) => value === null || value === 'dynamic',
  prefill_chunk_size: isNull,
}
