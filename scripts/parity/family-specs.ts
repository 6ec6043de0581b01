/** Random configurations of every family and head, with inputs that fit. */

import { torch } from '../../lib/index.js'
import type { Tensor } from '../../lib/torch/tensor.js'
import { generator } from '../../test/random.js'

const tasks = [
  'Model',
  'ForMaskedLM',
  'ForSequenceClassification',
  'ForTokenClassification',
  'ForQuestionAnswering',
  'ForMultipleChoice',
]
const families = {
  Roberta: [...tasks, 'ForCausalLM'],
  XLMRoberta: [...tasks, 'ForCausalLM'],
  Camembert: [...tasks, 'ForCausalLM'],
  Bert: [...tasks, 'LMHeadModel', 'ForNextSentencePrediction', 'ForPreTraining'],
}

export interface FamilySpec {
  name: string
  class: string
  config_class: string
  config: Record<string, unknown>
  seed: number
  attention: 'sdpa' | 'eager'
  /** How the folder is written: its form, and the largest file. */
  form: { safe_serialization: boolean; max_shard_size: string }
  /** Tokens of the first call, when the rest follows with a cache. */
  cached: number | null
  /** Dropout and gradients with and without gradient checkpointing; the options of the former. */
  checkpointing: { use_reentrant: boolean } | null
  /** Heads to take away from the loaded model. */
  pruned: Record<number, number[]> | null
}

type Random = ReturnType<typeof makeRandom>

function makeRandom(seed: number) {
  const next = generator(seed)
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    whole,
    chance: (of: number) => next() < of,
    one: <T>(list: readonly T[]) => list[whole(0, list.length - 1)] as T,
  }
}

const activations = [
  'gelu',
  'gelu_new',
  'gelu_pytorch_tanh',
  'gelu_fast',
  'quick_gelu',
  'relu',
  'silu',
  'tanh',
  'mish',
]

/** `rounds` of every class; the same ones each time. */
export function drawSpecs(rounds: number): FamilySpec[] {
  const specs: FamilySpec[] = []
  for (let round = 0; round < rounds; round++) {
    for (const [family, heads] of Object.entries(families))
      for (const head of heads) specs.push(drawSpec(family, head, 5000 + specs.length))
  }
  return specs
}

function drawSpec(family: string, head: string, seed: number): FamilySpec {
  const { whole, chance, one } = makeRandom(seed)
  const heads = one([1, 2, 3, 4])
  const hidden_size = heads * one([4, 8, 16])
  const predictsNext = head === 'ForCausalLM' || head === 'LMHeadModel'
  const is_decoder = predictsNext || (head === 'Model' && chance(0.3))
  const num_hidden_layers = whole(1, 3)
  // Two may go, one by the configuration and one later.
  const drawHead = () => ({ [whole(0, num_hidden_layers - 1)]: [whole(0, heads - 1)] })
  const config = {
    vocab_size: whole(20, 90),
    hidden_size,
    num_hidden_layers,
    num_attention_heads: heads,
    intermediate_size: whole(5, 70),
    hidden_act: one(activations),
    max_position_embeddings: whole(24, 40),
    type_vocab_size: whole(1, 3),
    layer_norm_eps: one([1e-12, 1e-5, 1e-3]),
    pad_token_id: whole(0, 5),
    initializer_range: one([0.02, 0.2, 0.5]),
    hidden_dropout_prob: one([0, 0.1]),
    attention_probs_dropout_prob: one([0, 0.1]),
    classifier_dropout: one([null, 0.3]),
    position_embedding_type: one(['absolute', 'absolute', 'relative_key', 'relative_key_query']),
    pruned_heads: heads > 1 && chance(0.3) ? drawHead() : {},
    tie_word_embeddings: chance(0.6),
    is_decoder,
    add_cross_attention: is_decoder && chance(0.5),
    // Of all lengths drawn below.
    chunk_size_feed_forward: one([0, 0, 2]),
    num_labels: head === 'ForSequenceClassification' || head === 'ForTokenClassification' ? whole(1, 5) : 2,
    problem_type: null as string | null,
  }
  if (head === 'ForSequenceClassification')
    config.problem_type = one(['regression', 'multi_label_classification', null])
  return {
    name: `${seed} ${family}${head}`,
    class: `${family}${head}`,
    config_class: `${family}Config`,
    config,
    seed,
    attention: one(['sdpa', 'eager'] as const),
    form: { safe_serialization: chance(0.5), max_shard_size: one(['5GB', '8KB']) },
    cached: is_decoder && chance(0.7) ? one([2, 4]) : null,
    checkpointing: chance(0.5) ? { use_reentrant: chance(0.5) } : null,
    pruned: heads > 2 && chance(0.5) ? drawHead() : null,
  }
}

/** Keyword arguments of the forward pass. */
export function drawInputs({ class: name, config, seed, attention }: FamilySpec): Record<string, Tensor> {
  torch.manual_seed(seed)
  const random = makeRandom(seed + 1)
  const { whole, chance } = random
  const { vocab_size, pad_token_id, type_vocab_size, hidden_size } = config as Record<string, number>
  const [batch, length] = [whole(1, 3), 2 * whole(3, 8)]
  const choices = name.endsWith('MultipleChoice') ? [batch, whole(1, 3)] : [batch]
  const shape = [...choices, length]
  const rows = choices.reduce((a, b) => a * b, 1)
  const ids = torch.randint(6, vocab_size as number, shape)
  const mask = drawMask(random, rows, length).reshape(shape)
  const inputs: Record<string, Tensor> = {
    input_ids: torch.where(mask.eq(1), ids, torch.full_like(ids, pad_token_id as number)),
  }
  if (chance(0.8)) inputs.attention_mask = mask
  if (chance(0.5)) inputs.token_type_ids = torch.randint(0, type_vocab_size as number, shape)
  if (chance(0.3)) inputs.position_ids = torch.randint(0, 20, shape)
  // A mask has a column for each head, and layers may have lost some.
  if (attention === 'eager' && chance(0.5) && Object.keys(config.pruned_heads as object).length === 0) {
    const { num_hidden_layers, num_attention_heads } = config as Record<string, number>
    const sizes = chance(0.5) ? [num_attention_heads] : [num_hidden_layers, num_attention_heads]
    inputs.head_mask = torch.randint(0, 2, sizes as number[]).to(torch.float32)
  }
  if (config.add_cross_attention) {
    inputs.encoder_hidden_states = torch.randn([batch, 6, hidden_size as number])
    if (chance(0.5)) inputs.encoder_attention_mask = drawMask(random, batch, 6)
  }
  return { ...inputs, ...drawLabels(name, config, ids, choices) }
}

/** 1 for tokens, padded on one side; no row is empty. */
function drawMask({ whole, chance }: Random, rows: number, length: number): Tensor {
  const left = chance(0.3)
  const lines = Array.from({ length: rows }, () => {
    const tokens = whole(1, length)
    const line = Array.from({ length }, (_, i) => (i < tokens ? 1 : 0))
    return left ? line.reverse() : line
  })
  return torch.tensor(lines)
}

function drawLabels(
  name: string,
  config: FamilySpec['config'],
  ids: Tensor,
  choices: number[],
): Record<string, Tensor> {
  const [batch] = choices as [number]
  const num_labels = config.num_labels as number
  const length = ids.size(-1)
  const oneOf = (limit: number, size: number[]) => torch.randint(0, limit, size)
  if (name.endsWith('PreTraining')) return { labels: ids, next_sentence_label: oneOf(2, [batch]) }
  if (name.endsWith('Prediction')) return { labels: oneOf(2, [batch]) }
  if (/(MaskedLM|CausalLM|LMHeadModel)$/.test(name)) return { labels: ids }
  if (name.endsWith('TokenClassification')) return { labels: oneOf(num_labels, [batch, length]) }
  if (name.endsWith('MultipleChoice')) return { labels: oneOf(choices[1] as number, [batch]) }
  if (name.endsWith('QuestionAnswering'))
    return { start_positions: oneOf(length + 2, [batch]), end_positions: oneOf(length + 2, [batch]) }
  if (!name.endsWith('SequenceClassification')) return {}
  if (config.problem_type === 'multi_label_classification') return { labels: torch.rand([batch, num_labels]) }
  // One label is a number, however the problem is called.
  if (config.problem_type === 'regression' || num_labels === 1)
    return { labels: torch.rand(num_labels === 1 ? [batch] : [batch, num_labels]) }
  return { labels: oneOf(num_labels, [batch]) }
}
