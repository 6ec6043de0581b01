import { fileURLToPath } from 'node:url'

import { beforeAll, describe, expect, test } from 'vitest'

import * as robertorch from '../../../../lib/index.js'
import {
  ArgumentError,
  DataCollatorForLanguageModeling,
  DataCollatorForMultipleChoice,
  DataCollatorForTokenClassification,
  DataCollatorWithPadding,
  datasets,
  default_data_collator,
  RobertaTokenizer,
  torch,
} from '../../../../lib/index.js'

import { newFolder } from '../trainer/support.js'

const folder = fileURLToPath(new URL('../../../fixtures/tokenizer/small', import.meta.url))
let tokenizer: RobertaTokenizer
beforeAll(async () => {
  tokenizer = await RobertaTokenizer.from_pretrained(folder)
})

const rows = [
  { input_ids: [0, 5, 2], attention_mask: [1, 1, 1], label: 5 },
  { input_ids: [0, 2], attention_mask: [1, 1], label: 3 },
]

describe('labels', () => {
  test('whole scores become int64, or what is asked for', async () => {
    const dtype = async (collator: DataCollatorWithPadding) => (await collator(rows)).labels?.dtype
    expect(await dtype(new DataCollatorWithPadding({ tokenizer }))).toBe(torch.int64)
    expect(await dtype(new DataCollatorWithPadding({ tokenizer, labelType: 'float32' }))).toBe(torch.float32)
    const equal = rows.map(({ label }) => ({ x: 1, label }))
    expect(default_data_collator(equal, { labelType: 'float32' }).labels?.dtype).toBe(torch.float32)
  })

  test('one score that is not whole makes all float32', async () => {
    const scored = rows.map((row, i) => ({ ...row, label: i + i / 2 }))
    const { labels } = await new DataCollatorWithPadding({ tokenizer })(scored)
    expect([labels?.dtype, labels?.tolist()]).toEqual([torch.float32, [0, 1.5]])
  })
})

test('typed arrays of a data set and tensors are taken', async () => {
  const dataset = datasets.Dataset.from_list(rows).with_format('numpy')
  const batch = await new DataCollatorWithPadding({ tokenizer })([...dataset])
  expect(batch.input_ids?.tolist()).toEqual([
    [0, 5, 2],
    [0, 2, tokenizer.pad_token_id],
  ])
  const stacked = default_data_collator([{ x: torch.tensor([1, 2]) }, { x: torch.tensor([3, 4]) }])
  expect(stacked.x?.tolist()).toEqual([
    [1, 2],
    [3, 4],
  ])
})

test('a DataLoader over a data set gives padded batches', async () => {
  const texts = datasets.Dataset.from_dict<{ text: string; label: number }>({
    text: ['Hello world', 'x', 'Two words more'],
    label: [0, 1, 0],
  })
  const encode = async ({ text }: { text: string[] }) => ({ ...(await tokenizer(text)) })
  const dataset = await texts.map(encode, { batched: true, remove_columns: ['text'] })
  const loader = new torch.utils.data.DataLoader(dataset, {
    batch_size: 2,
    collate_fn: new DataCollatorWithPadding({ tokenizer }),
  })
  const shapes: unknown[] = []
  for await (const { input_ids, labels } of datasets.prefetch(loader)) {
    shapes.push([input_ids?.shape[0], input_ids?.shape.length, labels?.tolist()])
  }
  expect(shapes).toEqual([
    [2, 2, [0, 1]],
    [1, 2, [0]],
  ])
})

test('a DataLoader refuses a stream, of which batches are made otherwise', async () => {
  const stream = datasets.IterableDataset.from_generator(() => rows)
  const refused = () => new torch.utils.data.DataLoader(stream as never)
  expect(refused).toThrow(/read asynchronously\n {2}hint: datasets\.batches/)
  const collate_fn = new DataCollatorWithPadding({ tokenizer })
  const found: unknown[] = []
  for await (const { labels } of datasets.batches(stream, { batch_size: 2, collate_fn }))
    found.push(labels?.tolist())
  expect(found).toEqual([[5, 3]])
})

test('a Trainer takes a data set and a collator as they are', async () => {
  const { RobertaConfig, RobertaForSequenceClassification, Trainer, TrainingArguments } = robertorch
  const config = new RobertaConfig({
    vocab_size: tokenizer.length,
    hidden_size: 16,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 32,
    max_position_embeddings: 40,
    num_labels: 2,
  })
  const texts = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 'good and fine' : 'bad'))
  const train_dataset = await datasets.tokenizeDataset(
    datasets.Dataset.from_dict({ text: texts, label: texts.map((_, i) => i % 2) }),
    tokenizer,
    'text',
    { remove_columns: ['text'], cache_dir: newFolder() },
  )
  const trainer = new Trainer({
    model: new RobertaForSequenceClassification(config),
    args: new TrainingArguments({ output_dir: newFolder(), num_train_epochs: 2, save_strategy: 'no' }),
    data_collator: new DataCollatorWithPadding({ tokenizer }),
    train_dataset,
  })
  const { global_step, training_loss } = await trainer.train()
  expect(global_step).toBe(4)
  expect(training_loss).toSatisfy((loss: number) => loss > 0 && loss < 2)
})

describe('masking', () => {
  const ids = Array.from({ length: 200 }, (_, i) => 10 + (i % 50))

  test('about as many tokens as asked for are drawn, others keep their ids and have no label', async () => {
    const collate = new DataCollatorForLanguageModeling({ tokenizer, seed: 1 })
    const examples = Array.from({ length: 50 }, () => ({ input_ids: [0, ...ids, 2] }))
    const { input_ids, labels } = await collate(examples)
    const [inputs, wanted] = [input_ids, labels].map((tensor) =>
      ((tensor?.tolist() ?? []) as number[][]).flat(),
    )
    const original = examples.flatMap((example) => example.input_ids)
    const drawn = original.map((_, i) => wanted?.[i] !== -100)
    const masked = original.filter((_, i) => drawn[i] && inputs?.[i] === tokenizer.mask_token_id)
    const count = drawn.filter(Boolean).length
    expect(count / (50 * 200)).toSatisfy((part: number) => part > 0.13 && part < 0.17)
    expect(masked.length / count).toSatisfy((part: number) => part > 0.77 && part < 0.83)
    original.forEach((id, i) => {
      expect(drawn[i] ? wanted?.[i] : inputs?.[i]).toBe(id)
      if (id === 0 || id === 2) expect(drawn[i]).toBe(false)
    })
  })

  test('masks differ from batch to batch and leave other random numbers alone where there is a seed', async () => {
    const examples = [{ input_ids: [0, ...ids, 2] }]
    const collate = new DataCollatorForLanguageModeling({ tokenizer, seed: 0 })
    torch.manual_seed(3)
    const first = await collate(examples)
    const second = await collate(examples)
    const drawn = torch.rand([2]).tolist()
    torch.manual_seed(3)
    expect(torch.rand([2]).tolist()).toEqual(drawn)
    expect(second.labels?.tolist()).not.toEqual(first.labels?.tolist())
    const again = await new DataCollatorForLanguageModeling({ tokenizer, seed: 0 })(examples)
    expect(again.labels?.tolist()).toEqual(first.labels?.tolist())
  })

  test('whole words, in rows of different lengths', async () => {
    const texts = ['unbelievable lengthy wordiness everywhere', 'another incomprehensibility']
    const encoded = await tokenizer(texts, { return_offsets_mapping: true })
    const examples = texts.map((_, i) => ({
      input_ids: encoded.input_ids[i],
      attention_mask: encoded.attention_mask[i],
      offset_mapping: encoded.offset_mapping?.[i],
    }))
    const options = { tokenizer, whole_word_mask: true, mlm_probability: 0.5, seed: 2 }
    const collate = new DataCollatorForLanguageModeling(options)
    let partly = 0
    for (let round = 0; round < 20; round++) {
      const labels = (await collate(examples)).labels?.tolist() as number[][]
      labels.forEach((row, i) => {
        const words = encoded.word_ids(i)
        for (const word of new Set(words)) {
          const states = new Set(row.filter((_, at) => words[at] === word).map((label) => label !== -100))
          expect(states.size).toBeLessThanOrEqual(1)
          if (word === null || word === undefined) expect([...states]).toEqual([false])
          else if (states.has(true)) partly++
        }
      })
    }
    expect(partly).toBeGreaterThan(10)
    await expect(collate([{ input_ids: [0, 5, 2] }])).rejects.toThrow(
      /example 0 .*offset_mapping\n {2}hint: tokenize/,
    )
  })

  test('options that contradict one another are refused', () => {
    const make = (options: object) => () => new DataCollatorForLanguageModeling({ tokenizer, ...options })
    expect(make({ mlm_probability: 1.5 })).toThrow(/mlm_probability must lie between 0 and 1, is 1.5/)
    expect(make({ mask_replace_prob: 0.9, random_replace_prob: 0.2 })).toThrow(/must not exceed 1, are 1.1/)
    expect(make({ mlm: false, whole_word_mask: true })).toThrow(ArgumentError)
  })
})

describe('examples that do not fit', () => {
  test('none, texts, missing values, other shapes', async () => {
    const collate = new DataCollatorWithPadding({ tokenizer })
    await expect(collate([])).rejects.toThrow(/0 examples/)
    expect(() => default_data_collator([])).toThrow(ArgumentError)
    await expect(collate([{ input_ids: [1], text: 'x' }])).rejects.toThrow(
      /text holds a string.*remove_columns\('text'\)/s,
    )
    expect(() => default_data_collator([{ x: 1 }, {}])).toThrow(/example 1 of the batch has no x/)
    expect(() => default_data_collator([{ x: [1] }, { x: [1, 2] }])).toThrow(
      /x of example 1 has the shape 2, of example 0 1\n {2}hint: DataCollatorWithPadding/,
    )
  })

  test('labels that are not one per token, choices that differ', async () => {
    const tagged = new DataCollatorForTokenClassification({ tokenizer })
    await expect(tagged([{ input_ids: [0, 5, 2], labels: [1, 2] }])).rejects.toThrow(
      /has 3 tokens and 2 labels/,
    )
    const choose = new DataCollatorForMultipleChoice({ tokenizer })
    const uneven = [{ input_ids: [[1], [2]] }, { input_ids: [[1]] }]
    await expect(choose(uneven)).rejects.toThrow(
      /input_ids of example 1 of the batch has 1 choices, example 0 has 2/,
    )
  })
})
