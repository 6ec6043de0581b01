/** pipeline(task, model): the class of a task, with its model and tokenizer loaded. */

import { ArgumentError } from '../../errors.js'
import { checkHubOptions, type HubOptions, splitHubOptions } from '../../hub/index.js'
import { is_available } from '../../torch/cuda.js'
import type { DeviceLike } from '../../torch/device.js'
import {
  type AutoClass,
  AutoModel,
  AutoModelForMaskedLM,
  AutoModelForQuestionAnswering,
  AutoModelForSequenceClassification,
  AutoModelForTokenClassification,
} from '../auto/auto-model.js'
import { AutoTokenizer } from '../auto/auto-tokenizer.js'
import type {
  AnyPreTrainedModel,
  FromPretrainedOptions,
  LoadingOptions,
} from '../modeling/pretrained-model.js'
import { deviceOf } from './device.js'
import { type FeatureExtractionOptions, FeatureExtractionPipeline } from './feature-extraction.js'
import { type FillMaskOptions, FillMaskPipeline } from './fill-mask.js'
import type { PipelineTokenizer } from './forward.js'
import { ownsModel, type PipelineStatics } from './pipeline.js'
import { type QuestionAnsweringOptions, QuestionAnsweringPipeline } from './question-answering.js'
import type { RunOptions } from './run-options.js'
import { type SentenceEmbeddingOptions, SentenceEmbeddingPipeline } from './sentence-embedding.js'
import { type SentenceSimilarityOptions, SentenceSimilarityPipeline } from './sentence-similarity.js'
import { type TextClassificationOptions, TextClassificationPipeline } from './text-classification.js'
import { type TokenClassificationOptions, TokenClassificationPipeline } from './token-classification.js'
import {
  type ZeroShotClassificationOptions,
  ZeroShotClassificationPipeline,
} from './zero-shot-classification.js'

/** The tasks, and what loads their models. */
const tasks = {
  'text-classification': [TextClassificationPipeline, AutoModelForSequenceClassification],
  'zero-shot-classification': [ZeroShotClassificationPipeline, AutoModelForSequenceClassification],
  'fill-mask': [FillMaskPipeline, AutoModelForMaskedLM],
  'token-classification': [TokenClassificationPipeline, AutoModelForTokenClassification],
  'question-answering': [QuestionAnsweringPipeline, AutoModelForQuestionAnswering],
  'feature-extraction': [FeatureExtractionPipeline, AutoModel],
  'sentence-embedding': [SentenceEmbeddingPipeline, AutoModel],
  'sentence-similarity': [SentenceSimilarityPipeline, AutoModel],
} as const

/** Other names of tasks, as `TASK_ALIASES` of Transformers. */
const aliases = {
  'sentiment-analysis': 'text-classification',
  ner: 'token-classification',
} as const

type Tasks = typeof tasks
type Aliases = typeof aliases

/** Names of tasks that `pipeline` knows. */
export type PipelineTask = keyof Tasks | keyof Aliases

type Resolved<Task extends PipelineTask> = Task extends keyof Aliases
  ? Aliases[Task]
  : Extract<Task, keyof Tasks>

/** The pipelines by task, whose types depend on the options that they are made with, and their calls' options. */
interface Pipelines<Defaults extends object = object> {
  'text-classification': [TextClassificationPipeline<Defaults>, TextClassificationOptions]
  'zero-shot-classification': [ZeroShotClassificationPipeline, ZeroShotClassificationOptions]
  'fill-mask': [FillMaskPipeline, FillMaskOptions]
  'token-classification': [TokenClassificationPipeline<Defaults>, TokenClassificationOptions]
  'question-answering': [QuestionAnsweringPipeline<Defaults>, QuestionAnsweringOptions]
  'feature-extraction': [FeatureExtractionPipeline<Defaults>, FeatureExtractionOptions]
  'sentence-embedding': [SentenceEmbeddingPipeline, SentenceEmbeddingOptions]
  'sentence-similarity': [SentenceSimilarityPipeline, SentenceSimilarityOptions]
}

type PipelineOf<Task extends PipelineTask, Defaults extends object> = Pipelines<Defaults>[Resolved<Task>][0]
type OptionsOf<Task extends PipelineTask> = PipelineOptions & Pipelines[Resolved<Task>][1]

/** How model and tokenizer are found. */
export interface PipelineOptions
  extends HubOptions,
    RunOptions,
    Pick<LoadingOptions, 'config' | 'dtype' | 'onReport'> {
  /** A tokenizer, a folder or a hub id. Default: beside the model. */
  tokenizer?: PipelineTokenizer | string
  /**
   * A device, the index of a GPU, or -1 for the CPU. Default: the first GPU where there is one; a model that is given
   * stays where it is.
   */
  device?: DeviceLike | number
  /** Further options of the model's `from_pretrained`. */
  model_kwargs?: FromPretrainedOptions
}

/** @throws ArgumentError naming the tasks */
function taskOf(task: string): keyof Tasks {
  const resolved = Object.hasOwn(aliases, task) ? aliases[task as keyof Aliases] : task
  if (Object.hasOwn(tasks, resolved)) return resolved as keyof Tasks
  throw new ArgumentError(`unknown task '${task}'`, {
    hint: `the tasks are ${[...Object.keys(tasks), ...Object.keys(aliases)].sort().join(', ')}`,
  })
}

/**
 * transformers.pipeline: loads a model and its tokenizer for a task, and answers inputs.
 *
 *     const classify = await pipeline('sentiment-analysis', 'folder-or-hub-id')
 *     await classify('What a film!') // [{ label: 'POSITIVE', score: 0.99… }]
 *
 * @param task `text-classification` (`sentiment-analysis`), `zero-shot-classification`, `fill-mask`, `feature-extraction`
 * @param model a folder, a hub id, or a model; there is no model by default
 * @param options of loading, and defaults of the calls' options
 * @throws ArgumentError for an unknown task, no model, a model with another head, unknown options; what the classes'
 * `from_pretrained` throw
 */
export function pipeline<const Task extends PipelineTask>(
  task: Task,
  model: string | AnyPreTrainedModel,
): Promise<PipelineOf<Task, object>>
export function pipeline<const Task extends PipelineTask, const Options extends OptionsOf<Task>>(
  task: Task,
  model: string | AnyPreTrainedModel,
  options: Options,
): Promise<PipelineOf<Task, Options>>
export async function pipeline(
  task: PipelineTask,
  model: string | AnyPreTrainedModel,
  options: PipelineOptions = {},
): Promise<unknown> {
  const [Class, auto]: readonly [PipelineStatics, unknown] = tasks[taskOf(task)]
  const [given, others] = splitHubOptions<PipelineOptions>(options)
  checkHubOptions(given)
  const { tokenizer, device, config, dtype, onReport, model_kwargs, ...defaults } = others
  requireModel(model, task)
  const found = typeof model === 'string' ? await Class.findParts?.(model, given) : undefined
  const hub = found?.subfolder
    ? { ...given, subfolder: [given.subfolder, found.subfolder].filter(Boolean).join('/') }
    : given
  const loadedTokenizer = await tokenizerOf(tokenizer, model, hub)
  if (typeof model !== 'string') {
    return make(Class, { ...defaults, model, tokenizer: loadedTokenizer, device })
  }
  const loading = Object.entries({ ...hub, config, dtype, onReport, ...model_kwargs })
  const loaded = await (auto as AutoClass<AnyPreTrainedModel>).from_pretrained(
    model,
    Object.fromEntries(loading.filter(([, value]) => value !== undefined)),
  )
  try {
    const place = deviceOf(device ?? (is_available() ? 0 : -1))
    return make(Class, {
      ...defaults,
      ...found?.parts,
      model: loaded,
      tokenizer: loadedTokenizer,
      device: place,
      [ownsModel]: true,
    })
  } catch (error) {
    loaded.dispose()
    throw error
  }
}

// The classes differ in the types of their models; the constructor looks at the model itself.
const make = (Class: PipelineStatics, parts: object): unknown =>
  new (Class as unknown as new (parts: object) => unknown)(parts)

function requireModel(model: unknown, task: string): void {
  if (model !== undefined && model !== null) return
  throw new ArgumentError(`no model is given for ${task}, and there is none by default`, {
    hint: `pipeline('${task}', model) takes a folder, a hub id (org/model) or a loaded model`,
  })
}

async function tokenizerOf(
  tokenizer: PipelineTokenizer | string | undefined,
  model: string | AnyPreTrainedModel,
  hub: HubOptions,
): Promise<PipelineTokenizer> {
  if (typeof tokenizer === 'function') return tokenizer
  const name = tokenizer ?? model
  if (typeof name === 'string') return AutoTokenizer.from_pretrained(name, tokenizer === undefined ? hub : {})
  throw new ArgumentError('a model that is given needs its tokenizer, too', {
    hint: 'pass { tokenizer }: a tokenizer, a folder or a hub id',
  })
}
