/** What `generate` starts from, and what each step shows the model of it. */

import { ArgumentError, ShapeError } from '../../errors.js'
import { torch } from '../../torch/index.js'
import type { Tensor } from '../../torch/tensor.js'
import type { EncoderConfig } from '../modeling/encoder-configuration.js'
import type { CausalInputs } from '../modeling/inputs.js'
import type { GenerationConfig } from './configuration.js'
import type { Positions, Request } from './options.js'

/** The special tokens of a generation. */
export interface SpecialTokens {
  pad: number | null
  ends: readonly number[]
}

/** transformers GenerationMixin._prepare_special_tokens: the first end of sequence pads where nothing else does. */
export function specialTokens({ pad_token_id, eos_token_id }: GenerationConfig): SpecialTokens {
  const ends = eos_token_id === null ? [] : [eos_token_id].flat()
  return { pad: pad_token_id ?? ends[0] ?? null, ends }
}

/** A batch of sequences that grow by one token a step. */
export class Prompt {
  /** int64 (batch, tokens): prompt and continuation; of a prompt of embeddings the continuation alone. */
  input_ids: Tensor
  /** Tokens of `inputs_embeds`, before those of `input_ids`. */
  readonly embedded: number
  readonly #inputs: Request['inputs']
  readonly #config: EncoderConfig
  readonly #positions: Positions
  #mask: Tensor
  #tokenTypes: Tensor | undefined

  /** @throws ArgumentError or ShapeError for inputs that do not fit together. */
  constructor(
    request: Request,
    tokens: SpecialTokens,
    config: EncoderConfig,
    positions: Positions = 'transformers',
  ) {
    if (positions !== 'transformers' && positions !== 'model')
      throw new ArgumentError(`positions must be 'transformers' or 'model', is '${positions}'`)
    const { num_return_sequences } = request.config
    const repeat = <T extends Tensor | undefined>(tensor: T) =>
      tensor === undefined || num_return_sequences === 1
        ? tensor
        : tensor.repeat_interleave(num_return_sequences, 0)
    const { inputs_embeds, attention_mask, token_type_ids } = request.inputs
    const ids = startIds(request)
    const mask = attention_mask ?? inferredMask(ids, inputs_embeds, tokens)
    if (mask.dim() !== 2 || mask.size(1) !== (inputs_embeds ?? ids).size(1)) {
      throw new ShapeError(`attention_mask has shape (${mask.shape}), expected one column for each token`, {
        hint: 'generate() takes a mask of (batch, tokens)',
      })
    }
    this.embedded = inputs_embeds?.size(1) ?? 0
    this.input_ids = repeat(ids) as Tensor
    this.#mask = repeat(mask) as Tensor
    this.#tokenTypes = repeat(token_type_ids)
    this.#inputs = {
      inputs_embeds: repeat(inputs_embeds),
      head_mask: request.inputs.head_mask,
      encoder_hidden_states: repeat(request.inputs.encoder_hidden_states),
      encoder_attention_mask: repeat(request.inputs.encoder_attention_mask),
    }
    this.#config = config
    this.#positions = positions
  }

  /** Inputs of the next step: all tokens, or the last one when a cache has the others. */
  next(past_key_values: CausalInputs['past_key_values']): CausalInputs {
    const { inputs_embeds, ...rest } = this.#inputs
    const embeds = past_key_values === undefined ? inputs_embeds : undefined
    const current = (tensor: Tensor) => (past_key_values === undefined ? tensor : tensor.slice(1, -1))
    const position_ids = this.#positionIds()
    return {
      ...rest,
      ...(embeds ? { inputs_embeds: embeds } : { input_ids: current(this.input_ids) }),
      attention_mask: this.#mask,
      ...(position_ids && { position_ids: current(position_ids) }),
      ...(this.#tokenTypes && { token_type_ids: current(this.#tokenTypes) }),
      past_key_values,
    }
  }

  /** Adds one token to each sequence: int64 (batch). */
  append(tokens: Tensor): void {
    const column = tokens.unsqueeze(1)
    this.input_ids = torch.cat([this.input_ids, column], 1)
    this.#mask = torch.cat([this.#mask, torch.ones_like(column, { dtype: this.#mask.dtype })], 1)
    if (this.#tokenTypes) this.#tokenTypes = torch.cat([this.#tokenTypes, this.#tokenTypes.slice(1, -1)], 1)
  }

  /** int64 (batch, tokens), or undefined where the model numbers them itself. */
  #positionIds(): Tensor | undefined {
    if (this.#positions === 'transformers') {
      const counted = this.#mask.to(torch.int64).cumsum(-1).sub(1)
      return counted.masked_fill(this.#mask.eq(0), 1)
    }
    // BERT numbers columns, with a cache too.
    if (this.#config.model_type === 'bert') return undefined
    const { pad_token_id } = this.#config
    const embedded = torch.ones([this.input_ids.size(0), this.embedded], {
      dtype: torch.int64,
      device: this.input_ids.device,
    })
    const isToken = torch.cat([embedded, this.input_ids.ne(pad_token_id).to(torch.int64)], 1)
    return isToken.cumsum(1).mul(isToken).add(pad_token_id)
  }
}

/** transformers GenerationMixin._maybe_initialize_input_ids_for_generation */
function startIds({ inputs, config }: Request): Tensor {
  const { input_ids, inputs_embeds } = inputs
  if (input_ids && inputs_embeds) throw new ArgumentError('give input_ids or inputs_embeds, not both')
  if (input_ids) {
    if (input_ids.dim() !== 2 || input_ids.dtype !== torch.int64) {
      throw new ShapeError(
        `input_ids is ${input_ids.dtype} (${input_ids.shape}), expected int64 (batch, tokens)`,
        {
          hint: 'of one sequence: input_ids.unsqueeze(0)',
        },
      )
    }
    return input_ids
  }
  const [other] = Object.values(inputs).filter((value) => value !== undefined)
  const batch = other?.size(0) ?? 1
  const options = { dtype: torch.int64, device: other?.device }
  if (inputs_embeds) return torch.zeros([batch, 0], options)
  if (config.bos_token_id === null) {
    throw new ArgumentError('without input_ids generation starts from bos_token_id, which is not set', {
      hint: 'pass input_ids, or bos_token_id',
    })
  }
  return torch.full([batch, 1], config.bos_token_id, options)
}

/** transformers GenerationMixin._prepare_attention_mask_for_generation: padding is told by its id, unless it is an end. */
function inferredMask(ids: Tensor, embeds: Tensor | undefined, { pad, ends }: SpecialTokens): Tensor {
  const [batch, length] = (embeds ?? ids).shape as [number, number]
  if (embeds === undefined && pad !== null && !ends.includes(pad)) return ids.ne(pad).to(torch.int64)
  return torch.ones([batch, length], { dtype: torch.int64, device: ids.device })
}
