/** The head that predicts the next token, and `generate`. */

import type { Tensor } from '../../torch/tensor.js'
import { GenerationConfig, type GenerationFields } from '../generation/configuration.js'
import { generate } from '../generation/generate.js'
import type { GenerateDecoderOnlyOutput, GenerateOptions } from '../generation/options.js'
import type { EncoderConfig } from './encoder-configuration.js'
import type { CausalInputs } from './inputs.js'
import type { Head, ModelOptions } from './network.js'
import type { CausalLMOutput } from './outputs.js'
import { PreTrainedModel } from './pretrained-model.js'

/** A score for each token of the vocabulary as the next one. */
export abstract class ForCausalLM<Config extends EncoderConfig> extends PreTrainedModel<
  CausalInputs,
  CausalLMOutput,
  Config
> {
  static override readonly head: Head = 'causal-lm'

  /** Defaults of `generate`: from `generation_config.json`, or else the fields of the model's own configuration. */
  generation_config: GenerationConfig

  constructor(config: Config, options?: ModelOptions) {
    super(config, options)
    this.generation_config = GenerationConfig.from_model_config(config)
  }

  /**
   * transformers GenerationMixin.generate: continues prompts by the most likely tokens, or by sampling with `do_sample`
   * (the same tokens as in Python after the same `torch.manual_seed`). The forward passes run off the event loop, without
   * gradients; several prompts are padded on the left. `max_new_tokens` and the other fields of GenerationConfig stand
   * beside the inputs; without a length there are 20 new tokens.
   *
   * @returns int64 (batch × num_return_sequences, tokens), prompt included; with `return_dict_in_generate` an object
   * @throws ArgumentError for options that do not fit, AbortedError by `signal`
   */
  generate(options: GenerateOptions & { return_dict_in_generate: true }): Promise<GenerateDecoderOnlyOutput>
  generate(options?: GenerateOptions): Promise<Tensor>
  generate(options: GenerateOptions = {}): Promise<Tensor | GenerateDecoderOnlyOutput> {
    return generate(this, options)
  }

  protected override async loadBeside(folder: string): Promise<void> {
    this.generation_config = (await GenerationConfig.find(folder)) ?? this.generation_config
  }

  protected override stateBeside(): Record<string, unknown> {
    return { generation_config: this.generation_config.to_dict() }
  }

  protected override takeBeside({ generation_config }: Record<string, unknown>): void {
    this.generation_config = new GenerationConfig(generation_config as Partial<GenerationFields>)
  }

  protected override saveBeside(folder: string): Promise<void> {
    return this.generation_config.save_pretrained(folder)
  }
}
