import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import {
  AbortedError,
  ArgumentError,
  DeviceError,
  type FeatureExtractionPipeline,
  pipeline,
  RobertaForMaskedLM,
  RobertaForSequenceClassification,
  RobertaTokenizer,
  type TextClassificationPipeline,
  TokenizerError,
  torch,
} from '../../../../lib/index.js'
import { saveModels } from './models.js'

let root: string
let folders: Record<string, string>
let classify: TextClassificationPipeline
let extract: FeatureExtractionPipeline

const folderOf = (name: string) => folders[name] as string
const many = Array.from({ length: 500 }, (_, i) => 'some words '.repeat(1 + ((i * 7) % 13)) + i)

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'robertorch-pipelines-'))
  folders = await saveModels(root)
  classify = await pipeline('text-classification', folderOf('sentiment'))
  extract = await pipeline('feature-extraction', folderOf('roberta-base'))
})

afterAll(() => rm(root, { recursive: true }))

/** The tokens of each forward pass: rows times the longest of them. */
function watchForwards(pipe: TextClassificationPipeline): [rows: number, tokens: number][] {
  const shapes: [number, number][] = []
  const forwardAsync = pipe.model.forwardAsync.bind(pipe.model)
  vi.spyOn(pipe.model, 'forwardAsync').mockImplementation((inputs) => {
    shapes.push(inputs.input_ids?.shape as [number, number])
    return forwardAsync(inputs)
  })
  return shapes
}

describe('batches', () => {
  it('hold rows of similar length, and answers keep the order of the inputs', async () => {
    const alone = await classify(many, { batch_size: 1 })
    const shapes = watchForwards(classify)
    const together = await classify(many, { tokensPerBatch: 400 })
    vi.restoreAllMocks()
    for (const [rows, tokens] of shapes) expect(rows * tokens).toBeLessThanOrEqual(400)
    expect(shapes.reduce((sum, [rows]) => sum + rows, 0)).toBe(many.length)
    const padded = shapes.reduce((sum, [rows, tokens]) => sum + rows * tokens, 0)
    const { input_ids } = await classify.tokenizer(many)
    expect(padded).toBeLessThan(1.15 * (input_ids as number[][]).flat().length)
    for (const [i, { label, score }] of together.entries()) {
      expect(label).toBe(alone[i]?.label)
      expect(score).toBeCloseTo(alone[i]?.score as number, 5)
    }
  })

  it('have at most batch_size rows', async () => {
    const shapes = watchForwards(classify)
    await classify(['a', 'b', 'c', 'd', 'e'], { batch_size: 2 })
    vi.restoreAllMocks()
    expect(shapes.map(([rows]) => rows)).toEqual([2, 2, 1])
  })

  it('tell how far they are', async () => {
    const seen: unknown[] = []
    const onProgress = (progress: unknown) => seen.push(progress)
    await classify(['a', 'b', 'c'], { batch_size: 1, onProgress })
    expect(seen).toEqual([1, 2, 3].map((done) => ({ done, total: 3 })))
  })

  it('go without padding where the tokenizer has none', async () => {
    const tokenizer = await RobertaTokenizer.from_pretrained(folderOf('sentiment'))
    vi.spyOn(tokenizer, 'pad_token_id', 'get').mockReturnValue(null as never)
    const model = await RobertaForSequenceClassification.from_pretrained(folderOf('sentiment'))
    const pipe = await pipeline('text-classification', model, { tokenizer })
    const shapes = watchForwards(pipe)
    await pipe(['a', 'a longer text', 'b'])
    expect(shapes.map(([rows]) => rows)).toEqual([1, 2])
  })
})

describe('stream', () => {
  it('answers an asynchronous iterable as it goes, reading little ahead', async () => {
    let read = 0
    async function* endless() {
      for (;;) yield many[read++ % many.length] as string
    }
    const answers = []
    const unread: number[] = []
    for await (const answer of classify.stream(endless(), { tokensPerBatch: 64 })) {
      answers.push(answer)
      unread.push(read - answers.length)
      if (answers.length === 2000) break
    }
    expect(Math.max(...unread)).toBeLessThan(500)
    await setImmediate()
    const readAtTheEnd = read
    await setImmediate()
    expect(read).toBe(readAtTheEnd)
    expect(answers.slice(0, 3)).toMatchObject(
      await classify(many.slice(0, 3)).then((all) => all.map(({ label }) => ({ label }))),
    )
  })

  it('answers what is there without waiting for more', async () => {
    let send: (text: string) => void = () => {}
    async function* typed() {
      for (;;)
        yield await new Promise<string>((resolve) => {
          send = resolve
        })
    }
    const stream = classify.stream(typed())
    for (const text of ['first', 'second']) {
      const pending = stream.next()
      await setImmediate()
      send(text)
      expect((await pending).value).toMatchObject({ label: 'negative' })
    }
    await stream.return()
  })

  it('keeps no tensors', async () => {
    await classify(many)
    const before = torch.memory().tensors
    let most = 0
    for await (const _ of classify.stream(many.values(), { tokensPerBatch: 128 })) {
      most = Math.max(most, torch.memory().tensors)
    }
    expect(most - before).toBeLessThan(10)
    expect(torch.memory().tensors).toBe(before)
  })

  it('passes on what its iterable throws, after the answers to what came before', async () => {
    async function* broken() {
      yield 'one'
      throw new Error('the disk is gone')
    }
    const answers: unknown[] = []
    const read = async () => {
      for await (const answer of classify.stream(broken())) answers.push(answer)
    }
    await expect(read()).rejects.toThrow('the disk is gone')
    expect(answers).toHaveLength(1)
  })

  it('closes its iterable when something fails', async () => {
    let closed = false
    function* texts() {
      try {
        yield* ['fine', 5 as unknown as string, 'never read']
      } finally {
        closed = true
      }
    }
    const read = async () => {
      for await (const _ of classify.stream(texts(), {})) void _
    }
    await expect(read()).rejects.toThrow('inputs[1] must be a string, got number 5')
    expect(closed).toBe(true)
  })
})

describe('an abort', () => {
  it('ends the work in the middle, and leaves no tensors', async () => {
    const before = torch.memory().tensors
    const controller = new AbortController()
    let batches = 0
    const onProgress = () => {
      batches++
      controller.abort(new Error('enough'))
    }
    const pending = classify(many, { tokensPerBatch: 64, signal: controller.signal, onProgress })
    await expect(pending).rejects.toThrow(AbortedError)
    await expect(pending).rejects.toThrow('the text-classification pipeline was aborted')
    expect(batches).toBe(1)
    await vi.waitFor(() => expect(torch.memory().tensors).toBe(before))
  })

  it('before the call ends it at once', async () => {
    const shapes = watchForwards(classify)
    await expect(classify('a', { signal: AbortSignal.abort() })).rejects.toThrow(AbortedError)
    vi.restoreAllMocks()
    expect(shapes).toEqual([])
  })

  it('ends the wait for an input that does not come', async () => {
    const controller = new AbortController()
    async function* never() {
      await new Promise(() => {})
      yield ''
    }
    const pending = classify.stream(never(), { signal: controller.signal }).next()
    await setImmediate()
    controller.abort()
    await expect(pending).rejects.toThrow(AbortedError)
  })
})

describe('what a pipeline is made of', () => {
  it('goes with it when it loaded it, and stays when it was given', async () => {
    const loaded = await pipeline('fill-mask', folderOf('roberta'))
    loaded.dispose()
    await expect(loaded('A <mask>.')).rejects.toThrow('disposed')
    const model = await RobertaForMaskedLM.from_pretrained(folderOf('roberta'))
    const tokenizer = await RobertaTokenizer.from_pretrained(folderOf('roberta'))
    {
      using made = await pipeline('fill-mask', model, { tokenizer })
      expect(await made('A <mask>.')).toHaveLength(5)
    }
    expect(model({ input_ids: torch.tensor([[0, 5, 2]]) }).logits.shape).toEqual([
      1,
      3,
      model.config.vocab_size,
    ])
  })

  it('may be on a device by name or number', async () => {
    for (const device of ['cpu', -1] as const) {
      using pipe = await pipeline('sentiment-analysis', folderOf('sentiment'), { device })
      expect([pipe.task, pipe.device.type]).toEqual(['text-classification', 'cpu'])
    }
    await expect(pipeline('text-classification', folderOf('sentiment'), { device: 'gpu' })).rejects.toThrow(
      DeviceError,
    )
  })

  it('may have another dtype', async () => {
    using pipe = await pipeline('text-classification', folderOf('sentiment'), {
      dtype: torch.bfloat16,
      top_k: null,
    })
    expect(pipe.model.dtype).toBe(torch.bfloat16)
    const [scores] = await pipe(['half as precise'])
    expect(scores?.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5)
  })
})

describe('features', () => {
  it('are tensors when asked for, each of its own memory', async () => {
    const [short, long] = await extract(['one', 'quite a few more words'], { return_tensors: true })
    expect(short?.shape).toEqual([1, 3, 32])
    expect(long?.shape[1]).toBeGreaterThan(4)
    expect(short?.requires_grad).toBe(false)
    expect(short?.tolist()).toEqual(await extract('one').then(() => short?.clone().tolist()))
    short?.dispose()
    long?.dispose()
  })

  it('of a classifier are its logits', async () => {
    const model = await RobertaForSequenceClassification.from_pretrained(folderOf('sentiment'))
    const { tokenizer } = classify
    const pipe = await pipeline('feature-extraction', model, { tokenizer, return_tensors: true })
    const [features] = await pipe(['some text'])
    expect(features?.shape).toEqual([1, 3])
  })
})

describe('refusals', () => {
  const refused = async (call: () => unknown, type: new (...all: never[]) => Error, ...parts: string[]) => {
    const error = await Promise.resolve()
      .then(call)
      .then(
        () => undefined,
        (thrown: Error) => thrown,
      )
    expect(error).toBeInstanceOf(type)
    for (const part of parts) expect(error?.message).toContain(part)
  }

  it('name the tasks', () =>
    refused(
      () => pipeline('summarization' as never, 'x'),
      ArgumentError,
      "'summarization'",
      'fill-mask',
      'sentiment-analysis',
    ))
  it('say that there is no default model', () =>
    refused(() => pipeline('fill-mask', undefined as never), ArgumentError, 'none by default', 'hub id'))
  it('name the class that fits', () =>
    refused(
      () => pipeline('fill-mask', classify.model, { tokenizer: classify.tokenizer }),
      ArgumentError,
      'RobertaForSequenceClassification',
      'AutoModelForMaskedLM',
    ))
  it('ask for the tokenizer of a model', () =>
    refused(() => pipeline('text-classification', classify.model), ArgumentError, '{ tokenizer }'))
  it('name the wrong element', () =>
    refused(() => classify(['a', 'b', 5 as never]), ArgumentError, 'inputs[2]', '5'))
  it('name the wrong text of a pair', () =>
    refused(() => classify([{ text: 'a', text_pair: 1 as never }]), ArgumentError, 'inputs[0].text_pair'))
  it('name the element with half a character', () =>
    refused(() => classify(['a', '\ud800']), TokenizerError, 'inputs[1]'))
  it('show how pairs are written', () =>
    refused(() => classify([['a', 'b'] as never]), ArgumentError, 'inputs[0]', '{ text, text_pair }'))
  it('name a text that is too long', () =>
    refused(() => classify(['a', 'word '.repeat(100)]), ArgumentError, 'inputs[1]', '78', 'max_length: 78'))
  it('name an unknown option', () =>
    refused(() => classify('a', { topk: 1 } as never), ArgumentError, "'topk'", 'top_k'))
  it('name an unknown option of the pipeline', () =>
    refused(
      () => pipeline('fill-mask', folderOf('roberta'), { top: 1 } as never),
      ArgumentError,
      "'top'",
      'top_k',
    ))
  it('name an option with a wrong value', () =>
    refused(() => classify('a', { top_k: -1 }), ArgumentError, "'top_k'", '-1'))
  it('send iterables to stream', () =>
    refused(() => classify(new Set(['a']) as never), ArgumentError, 'pipe.stream'))
  it('want texts in a stream', () =>
    refused(() => classify.stream('abc' as never), ArgumentError, 'await pipe(input)'))
  it('of a model that is being trained', async () => {
    classify.model.train()
    await refused(() => classify('a'), ArgumentError, 'training mode', 'model.eval()')
    classify.model.eval()
  })
  it('name the text without a mask', async () => {
    using fill = await pipeline('fill-mask', folderOf('roberta'))
    await refused(() => fill(['a <mask>', 'none']), ArgumentError, 'No mask_token (<mask>)', 'inputs[1]')
    await refused(() => fill('a <mask>', { targets: [] }), ArgumentError, 'At least one target')
    await refused(() => fill('a <mask>', { top_k: 1e6 }), ArgumentError, '1000000', '2048')
  })
  it('want labels for zero-shot classification, and a place for them', async () => {
    using choose = await pipeline('zero-shot-classification', folderOf('nli'))
    await refused(() => choose('a text'), ArgumentError, 'at least one label')
    await refused(() => choose('a text', ' , '), ArgumentError, 'at least one label')
    await refused(() => choose(['a', ''], ['x']), ArgumentError, 'inputs[1] is empty')
    await refused(
      () => choose('a', ['x'], { hypothesis_template: 'no place' }),
      ArgumentError,
      'no place for the label',
    )
    await refused(() => choose('a', ['x'], { hypothesis_template: '{} {1}' }), ArgumentError, '{1}')
  })
})

it('says what fill-mask takes for a word that is no token', async () => {
  using fill = await pipeline('fill-mask', folderOf('roberta'))
  const warnings: string[] = []
  const listener = (warning: Error) => warnings.push(warning.message)
  process.on('warning', listener)
  const answers = await fill('The <mask>.', { targets: [' and', ''] })
  await setImmediate()
  process.off('warning', listener)
  expect(answers.map(({ token_str }) => token_str)).toEqual([' and'])
  expect(warnings).toEqual([
    'The specified target token ` and` does not exist in the model vocabulary. Replacing with `Ġand`.',
    'The specified target token `` does not exist in the model vocabulary. We cannot replace it with anything meaningful, ignoring it',
  ])
})

it('leaves the event loop free while the model computes', async () => {
  let turns = 0
  let isOver = false
  const count = async () => {
    for (; !isOver; turns++) await setImmediate()
  }
  const counting = count()
  await classify(many, { tokensPerBatch: 8192 })
  isOver = true
  await counting
  expect(turns).toBeGreaterThan(10)
})
