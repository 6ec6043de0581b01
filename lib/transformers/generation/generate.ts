/** transformers GenerationMixin.generate: greedy search and sampling. */

import { AbortedError, ArgumentError } from '../../errors.js'
import type { LayerCache } from '../../native/addon.js'
import { torch } from '../../torch/index.js'
import { no_grad, scope } from '../../torch/modes.js'
import type { Tensor } from '../../torch/tensor.js'
import type { EncoderConfig } from '../modeling/encoder-configuration.js'
import type { CausalInputs } from '../modeling/inputs.js'
import type { CausalLMOutput } from '../modeling/outputs.js'
import type { GenerationConfig } from './configuration.js'
import { lengthLimits } from './length-limits.js'
import { type LogitsProcessor, logitsProcessors } from './logits-processor.js'
import { type GenerateDecoderOnlyOutput, type GenerateOptions, readOptions } from './options.js'
import { Prompt, type SpecialTokens, specialTokens } from './prompt.js'
import { endedRows, stoppingCriteria } from './stopping.js'

/** A model that predicts the next token. */
export interface GenerativeModel {
  readonly config: EncoderConfig
  readonly generation_config: GenerationConfig
  forwardAsync(inputs: CausalInputs): Promise<CausalLMOutput>
}

/** Greedy search or sampling, a forward pass off the event loop for each token. */
export async function generate(
  model: GenerativeModel,
  options: GenerateOptions,
): Promise<Tensor | GenerateDecoderOnlyOutput> {
  const { logits_processor, stopping_criteria, streamer, signal, positions, ...named } = options
  if (!model.config.is_decoder) {
    throw new ArgumentError('generate() needs a decoder, but is_decoder is false in the configuration', {
      hint: 'load it with from_pretrained(folder, { is_decoder: true })',
    })
  }
  const request = readOptions(named, model.generation_config)
  const { config } = request
  const tokens = specialTokens(config)
  const prompt = new Prompt(request, tokens, model.config, positions)
  warnOfPadding(request.inputs.input_ids, tokens)
  streamer?.put(prompt.input_ids.cpu())
  const limits = lengthLimits(config, options, prompt, model.config.max_position_embeddings)
  const processors = logitsProcessors(
    config,
    {
      vocabulary: model.config.vocab_size,
      promptLength: prompt.input_ids.size(1),
      endTokens: tokens.ends,
      ...limits,
    },
    logits_processor,
  )
  const criteria = stoppingCriteria(config, limits.maxLength, stopping_criteria)
  const use_cache = config.use_cache || prompt.embedded > 0
  const kept = new Kept(config)
  const unfinished = Array.from({ length: prompt.input_ids.size(0) }, () => true)
  let cache: readonly LayerCache[] | undefined
  try {
    while (unfinished.includes(true)) {
      refuseAborted(signal)
      const outputs = await step(model, prompt.next(cache), { ...kept.asked, use_cache })
      disposeCache(cache, outputs.past_key_values)
      cache = outputs.past_key_values
      const logits = lastLogits(outputs)
      const scores = processed(prompt.input_ids, logits, processors)
      kept.add(outputs, logits, scores)
      const next = nextTokens(scores, config.do_sample, unfinished, tokens)
      no_grad(() => prompt.append(next))
      streamer?.put(next.cpu())
      const isEnd = next.tolist() as number[]
      for (const [row, isEnded] of endedRows(criteria, prompt.input_ids, kept.scores).entries())
        if (isEnded || tokens.ends.includes(isEnd[row] as number)) unfinished[row] = false
    }
  } catch (error) {
    disposeCache(cache)
    throw error
  }
  streamer?.end()
  if (config.return_dict_in_generate) return kept.output(prompt.input_ids, cache)
  disposeCache(cache)
  return prompt.input_ids
}

/** The forward pass, without gradients. */
function step(
  model: GenerativeModel,
  inputs: CausalInputs,
  asked: Partial<CausalInputs>,
): Promise<CausalLMOutput> {
  let pending: Promise<CausalLMOutput> | undefined
  no_grad(() => {
    pending = model.forwardAsync({ ...inputs, ...asked })
  })
  return pending as unknown as Promise<CausalLMOutput>
}

/** Of the last place, in float32 (batch, vocab_size); those of the other places are released. */
function lastLogits({ logits }: CausalLMOutput): Tensor {
  const last = scope(() => logits.select(1, -1).to({ dtype: torch.float32, copy: true }))
  logits.dispose()
  return last
}

const processed = (input_ids: Tensor, logits: Tensor, processors: readonly LogitsProcessor[]) =>
  no_grad(() => processors.reduce((scores, processor) => processor(input_ids, scores), logits))

/** int64 (batch): of sequences that ended before, padding. */
function nextTokens(
  scores: Tensor,
  do_sample: boolean,
  unfinished: readonly boolean[],
  { pad, ends }: SpecialTokens,
): Tensor {
  return scope(() => {
    const chosen = do_sample ? torch.multinomial(scores.softmax(-1), 1).squeeze(1) : torch.argmax(scores, -1)
    if (ends.length === 0 || pad === null || !unfinished.includes(false)) return chosen
    const isFinished = torch.tensor(unfinished.map((isOpen) => !isOpen)).to(chosen.device)
    return chosen.masked_fill(isFinished, pad)
  })
}

/** What the caller asked to keep of each step. */
class Kept {
  readonly asked: Pick<CausalInputs, 'output_attentions' | 'output_hidden_states'>
  readonly scores: Tensor[] | undefined
  readonly #logits: Tensor[] | undefined
  readonly #attentions: (readonly Tensor[])[] | undefined
  readonly #hiddenStates: (readonly Tensor[])[] | undefined

  constructor(config: GenerationConfig) {
    const list = <T>(isAsked: boolean | null): T[] | undefined =>
      config.return_dict_in_generate && isAsked ? [] : undefined
    this.scores = list(config.output_scores)
    this.#logits = list(config.output_logits)
    this.#attentions = list(config.output_attentions)
    this.#hiddenStates = list(config.output_hidden_states)
    this.asked = {
      output_attentions: this.#attentions !== undefined,
      output_hidden_states: this.#hiddenStates !== undefined,
    }
  }

  add({ attentions, hidden_states }: CausalLMOutput, logits: Tensor, scores: Tensor): void {
    this.scores?.push(scores)
    this.#logits?.push(logits)
    if (attentions) this.#attentions?.push(attentions)
    if (hidden_states) this.#hiddenStates?.push(hidden_states)
  }

  output(sequences: Tensor, past_key_values: readonly LayerCache[] | undefined): GenerateDecoderOnlyOutput {
    const all = {
      sequences,
      scores: this.scores,
      logits: this.#logits,
      attentions: this.#attentions,
      hidden_states: this.#hiddenStates,
      past_key_values,
    }
    const there = Object.entries(all).filter(([, value]) => value !== undefined)
    return Object.fromEntries(there) as unknown as GenerateDecoderOnlyOutput
  }
}

/** The keys and values of cross-attention go from one step's cache to the next one's. */
function disposeCache(cache: readonly LayerCache[] | undefined, next: readonly LayerCache[] = []): void {
  const used = new Set<Tensor>(next.flat())
  for (const tensor of cache?.flat() ?? []) if (!used.has(tensor)) tensor.dispose()
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortedError('the generation was aborted', { cause: signal.reason })
}

function warnOfPadding(input_ids: Tensor | undefined, { pad }: SpecialTokens): void {
  if (input_ids === undefined || pad === null || input_ids.size(0) === 1) return
  if (!scope(() => input_ids.select(1, -1).eq(pad).any().item())) return
  process.emitWarning(
    "a prompt ends with padding, after which a continuation makes no sense: set the tokenizer's padding_side to 'left'",
    { code: 'ROBERTORCH_RIGHT_PADDING' },
  )
}
