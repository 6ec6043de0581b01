/** The tables of a model by the methods of Transformers, and their resizing. */

import { ArgumentError, ConfigError, ShapeError } from '../../errors.js'
import { Embedding } from '../../torch/nn/embedding.js'
import { Linear } from '../../torch/nn/linear.js'
import { Module } from '../../torch/nn/module.js'
import { Parameter } from '../../torch/nn/parameter.js'
import type { Tensor } from '../../torch/tensor.js'
import type { EncoderConfig } from './encoder-configuration.js'
import { resizedBias, resizedHead, resizedTable } from './grow.js'

export interface ResizeOptions {
  /** Round the size up to a multiple of this. */
  pad_to_multiple_of?: number | null
  /** Default true: new rows around the mean of the old ones; false: drawn as in a new model. */
  mean_resizing?: boolean
}

/** A model whose tables can be had and changed. */
export abstract class EmbeddedModel<Inputs, Output, Config extends EncoderConfig> extends Module<
  [Inputs],
  Output
> {
  abstract readonly config: Config

  /** The inner model's name in classes with a head: `roberta` for CamemBERT and XLM-R too. */
  get base_model_prefix(): string {
    return baseModelPrefix(this.config.model_type)
  }

  /** Number of parameters. */
  num_parameters(options: { only_trainable?: boolean; exclude_embeddings?: boolean } = {}): number {
    return this.named_parameters()
      .filter(([, parameter]) => !options.only_trainable || parameter.requires_grad)
      .filter(([name]) => !options.exclude_embeddings || !/\w+_embeddings\.weight$/.test(name))
      .reduce((sum, [, parameter]) => sum + parameter.numel(), 0)
  }

  /** Bytes of the parameters. */
  get_memory_footprint(): number {
    return this.parameters().reduce((sum, parameter) => sum + parameter.numel() * parameter.element_size(), 0)
  }

  /** The word embeddings (vocab_size, hidden): a module over the model's own parameter. */
  get_input_embeddings(): Embedding {
    return this.#table('word', this.config.pad_token_id)
  }

  /** The position table (max_position_embeddings, hidden), over the model's own parameter. */
  get_position_embeddings(): Embedding {
    return this.#table('position', this.config.model_type === 'bert' ? null : this.config.pad_token_id)
  }

  /**
   * Takes over the values of a table, which shares its memory with the model from then on; the model's parameter stays
   * the same tensor, and tied heads stay tied.
   *
   * @throws ShapeError for another width.
   */
  set_input_embeddings(value: Embedding): void {
    const words = this.#parameter(wordEmbeddings)
    requireWidth(value.weight, words, 'the embeddings')
    replace(words, value.weight.detach())
  }

  /** The decoder of a language model's head, (hidden) → (vocab_size), over the model's own parameters; otherwise null. */
  get_output_embeddings(): Linear | null {
    const head = this.#head()
    if (head === null) return null
    const [size, width] = head.weight.shape as [number, number]
    // On meta nothing is drawn for weights that are not kept.
    const decoder = new Linear(width, size, { device: 'meta' })
    decoder.weight = Parameter(head.weight, head.weight.requires_grad)
    decoder.bias = Parameter(head.bias, head.bias.requires_grad)
    return decoder
  }

  /**
   * Takes over the values of a decoder; of a tied head, that is those of the word embeddings, too.
   *
   * @throws ArgumentError without such a head or for a decoder without bias, ShapeError for another width.
   */
  set_output_embeddings(value: Linear): void {
    const head = this.#head()
    if (head === null) throw new ArgumentError(`${this.constructor.name} has no output embeddings`)
    if (value.bias === null)
      throw new ArgumentError('the decoder of this head has a bias, the new one has none')
    requireWidth(value.weight, head.weight, 'the decoder')
    replace(head.weight, value.weight.detach())
    replace(head.bias, value.bias.detach())
  }

  /**
   * Changes the number of tokens: rows at the end go or are added, of the word embeddings, the decoder and its bias.
   * `config.vocab_size` follows. With the same seed new rows are those of Transformers 4.57. An optimizer that knows the
   * parameters must be made anew.
   *
   * @returns the word embeddings
   * @throws ArgumentError for a size that is no whole number or does not reach the padding's id.
   */
  resize_token_embeddings(new_num_tokens: number | null = null, options: ResizeOptions = {}): Embedding {
    const { pad_to_multiple_of = null, mean_resizing = true } = options
    const words = this.#parameter(wordEmbeddings)
    const head = this.#head()
    const size = roundUp(new_num_tokens ?? words.size(0), pad_to_multiple_of)
    if (size <= this.config.pad_token_id) {
      throw new ArgumentError(
        `the vocabulary cannot have ${size} tokens: padding has the id ${this.config.pad_token_id}`,
      )
    }
    const newRows = { mean: mean_resizing, initializer_range: this.config.initializer_range }
    const isTied = head?.weight === words
    if (size !== words.size(0)) replace(words, resizedTable(words, size, newRows))
    if (head !== null && !isTied && size !== head.weight.size(0)) {
      const made = resizedHead(head, size, newRows)
      replace(head.weight, made.weight)
      replace(head.bias, made.bias)
    }
    this.config.vocab_size = size
    this.tie_weights()
    return this.get_input_embeddings()
  }

  /**
   * Brings a tied head's bias to the size of the word embeddings; the weight is tied where the model is made.
   *
   * @throws ConfigError when the configuration says tied and the model was made untied.
   */
  tie_weights(): void {
    const head = this.#head()
    if (head === null || !this.config.tie_word_embeddings) return
    const words = this.#parameter(wordEmbeddings)
    if (head.weight !== words) {
      throw new ConfigError(
        'tie_word_embeddings was set after the model was made with a decoder of its own',
        {
          hint: 'make or load it with tie_word_embeddings: true',
        },
      )
    }
    if (head.bias.size(0) !== words.size(0)) replace(head.bias, resizedBias(head.bias, words.size(0)))
  }

  #parameter(name: RegExp): Tensor {
    return this.#find(name) as Tensor
  }

  #find(name: RegExp): Tensor | undefined {
    return this.ownParameters().find(([key]) => name.test(key))?.[1]
  }

  #table(kind: 'word' | 'position', padding_idx: number | null): Embedding {
    const weight = this.#parameter(new RegExp(`embeddings\\.${kind}_embeddings\\.weight$`))
    return Embedding.from_pretrained(weight, { freeze: !weight.requires_grad, padding_idx })
  }

  /** The decoder's weight, the word embeddings' when tied, and its bias. */
  #head(): { weight: Tensor; bias: Tensor } | null {
    const bias = this.#find(/^(lm_head|cls\.predictions)\.bias$/)
    if (bias === undefined) return null
    return { weight: this.#find(/\.decoder\.weight$/) ?? this.#parameter(wordEmbeddings), bias }
  }
}

const wordEmbeddings = /embeddings\.word_embeddings\.weight$/

/** Name of the inner model in classes with a head: CamemBERT and XLM-R kept RoBERTa's. */
export const baseModelPrefix = (model_type: string): string => (model_type === 'bert' ? 'bert' : 'roberta')

/** A gradient of the old shape would fit no more. */
function replace(parameter: Tensor, values: Tensor): void {
  parameter.grad = null
  parameter.data = values
}

function requireWidth(made: Tensor, old: Tensor, what: string): void {
  if (made.ndim === 2 && made.size(1) === old.size(1)) return
  throw new ShapeError(`${what} must be (tokens, ${old.size(1)}), found (${made.shape})`)
}

function roundUp(size: number, multiple: number | null): number {
  for (const [name, value] of [
    ['new_num_tokens', size],
    ['pad_to_multiple_of', multiple ?? 1],
  ] as const)
    if (!Number.isInteger(value) || value < 1)
      throw new ArgumentError(`${name} must be a whole number above 0, is ${value}`)
  return multiple === null ? size : Math.ceil(size / multiple) * multiple
}
