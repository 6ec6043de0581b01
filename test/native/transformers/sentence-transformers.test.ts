import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import {
  AutoModel,
  ConfigError,
  cos_sim,
  dot_score,
  type PoolingMode,
  pairwise_cos_sim,
  pairwise_dot_score,
  pipeline,
  ShapeError,
  safetensors,
  semantic_search,
  type Tensor,
} from '../../../lib/index.js'
import { fixtures } from '../roberta/reference.js'
import { firstDifference } from './pipelines/nearly.js'

const folder = join(fixtures, 'sentence-transformers', 'whole')
const minilm = fileURLToPath(new URL('../../../../shared/data/all-minilm-l6-v2', import.meta.url))
const golden = JSON.parse(readFileSync(join(folder, '..', 'golden.json'), 'utf8'))
const texts: string[] = golden.texts
const rows = (vectors: Float32Array[]) => vectors.map((vector) => [...vector])
const vectors = (values: number[][]) => values.map((row) => Float32Array.from(row))
const expectNearly = (ours: unknown, theirs: unknown) => expect(firstDifference(ours, theirs)).toBeNull()

describe('a folder that sentence-transformers saved', () => {
  it('gives the vectors of sentence-transformers', async () => {
    using embed = await pipeline('sentence-embedding', folder)
    expectNearly(rows(await embed(texts)), golden.whole)
    expectNearly(rows([await embed(texts[0] as string)]), golden.whole.slice(0, 1))
    expectNearly(rows(await embed(texts, { prompt_name: 'query' })), golden.query)
    const options = { prompt: 'Now: ', truncate_dim: 5, normalize_embeddings: true }
    expectNearly(rows(await embed(texts, options)), golden.prompt)
  })

  it('gives the same vectors with another batch', async () => {
    using embed = await pipeline('sentence-embedding', folder, { batch_size: 1 })
    expectNearly(rows(await embed(texts)), golden.whole)
  })

  it('compares texts', async () => {
    using compare = await pipeline('sentence-similarity', folder)
    const [source_sentence, ...sentences] = texts as [string, ...string[]]
    const [first, ...others] = golden.whole as number[][]
    const expected = others.map((other) => other.reduce((sum, x, i) => sum + x * (first?.[i] as number), 0))
    expectNearly(await compare({ source_sentence, sentences }), expected)
    expectNearly(
      await compare([
        { source_sentence, sentences: [] },
        { source_sentence, sentences },
      ]),
      [[], expected],
    )
    const [distance] = await compare(
      { source_sentence, sentences: [source_sentence] },
      { similarity_fn_name: 'euclidean' },
    )
    expect(Math.abs(distance as number)).toBe(0)
  })

  it('names a prompt that is not there', async () => {
    using embed = await pipeline('sentence-embedding', folder)
    await expect(embed('a', { prompt_name: 'title' })).rejects.toThrow(
      /no prompt named 'title'[\s\S]*it has document, passage, query/,
    )
  })
})

describe('pooling', () => {
  const modes = Object.entries(golden.pooling as Record<string, number[][]>)

  it.each(modes)('%s', async (name, expected) => {
    const warnings = vi.spyOn(process, 'emitWarning')
    const model = await AutoModel.from_pretrained(folder)
    const pooling = name.split('+') as PoolingMode[]
    using embed = await pipeline('sentence-embedding', model, { tokenizer: folder, pooling })
    expectNearly(rows(await embed(texts)), expected)
    expect(warnings).not.toHaveBeenCalled()
    warnings.mockRestore()
    model.dispose()
  })

  it('is the mean, with a warning, where nothing says otherwise', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const model = await AutoModel.from_pretrained(folder)
    const embed = await pipeline('sentence-embedding', model, { tokenizer: folder })
    expectNearly(rows(await embed(texts)), golden.pooling.mean)
    await embed('again')
    expect(warnings.mock.calls.map(([, options]) => options)).toEqual([{ code: 'ROBERTORCH_MEAN_POOLING' }])
    warnings.mockRestore()
    model.dispose()
  })

  it('refuses other modes', async () => {
    const embed = pipeline('sentence-embedding', folder, { pooling: 'median' as never })
    await expect(embed).rejects.toThrow(/'pooling' must be one or several of 'cls', 'max', 'mean'/)
  })
})

describe('folders by hand', () => {
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'robertorch-sentences-'))
  })
  afterAll(() => rm(root, { recursive: true }))

  async function changed(name: string, files: Record<string, unknown>): Promise<string> {
    const copy = join(root, name)
    await cp(folder, copy, { recursive: true })
    for (const [file, value] of Object.entries(files)) {
      await writeFile(join(copy, file), typeof value === 'string' ? value : JSON.stringify(value))
    }
    return copy
  }

  it.each(Object.entries(golden.without_prompt as Record<string, number[][]>))(
    'leaves the tokens of the prompt out: %s',
    async (name, expected) => {
      const copy = await changed(`without-prompt-${name}`, {
        '1_Pooling/config.json': { pooling_mode: name.split('+'), include_prompt: false },
        'modules.json': [
          { type: 'Transformer', path: '' },
          { type: 'Pooling', path: '1_Pooling' },
        ],
      })
      using embed = await pipeline('sentence-embedding', copy)
      expectNearly(rows(await embed(texts, { prompt_name: 'query' })), expected)
    },
  )

  it('reads the transformer of a subfolder, lower case and the older names of poolings', async () => {
    const copy = join(root, 'older')
    await cp(folder, join(copy, '0_Transformer'), { recursive: true })
    await cp(join(folder, '1_Pooling'), join(copy, '1_Pooling'), { recursive: true })
    const flags = { pooling_mode_max_tokens: true, pooling_mode_cls_token: true }
    await writeFile(join(copy, '1_Pooling/config.json'), JSON.stringify(flags))
    await writeFile(
      join(copy, '0_Transformer/sentence_bert_config.json'),
      JSON.stringify({ max_seq_length: 5, do_lower_case: true }),
    )
    const modules = ['0_Transformer', '1_Pooling'].map((path) => ({
      type: `sentence_transformers.models.${path.slice(2)}`,
      path,
    }))
    await writeFile(join(copy, 'modules.json'), JSON.stringify(modules))
    using embed = await pipeline('sentence-embedding', copy)
    using plain = await pipeline('sentence-embedding', folder, { pooling: 'cls' })
    expect(embed.model.config.hidden_size).toBe(plain.model.config.hidden_size)
    const [upper, lower, cut] = await embed(['The KING', 'the king', 'the king and all that follows'])
    expect(upper).toHaveLength(32)
    // Batches of other widths round otherwise.
    expectNearly(
      rows([upper, cut] as Float32Array[]),
      rows([lower, await embed('the king and')] as Float32Array[]),
    )
  })

  it.each([
    ['no array', { 'modules.json': '{}' }, /must hold an array of modules/],
    ['no JSON', { 'modules.json': '[' }, /modules.json is not valid JSON/],
    [
      'another order',
      { 'modules.json': [{ type: 'x.Pooling', path: '1_Pooling' }] },
      /does not begin with Transformer and Pooling/,
    ],
    [
      'a way out',
      { 'modules.json': [{ type: 'x.Transformer', path: '../../etc' }] },
      /none inside the model's/,
    ],
    [
      'an unknown module',
      {
        'modules.json': [
          { type: 'x.Transformer', path: '' },
          { type: 'x.Pooling', path: '1_Pooling' },
          { type: 'x.CNN', path: '2_Dense' },
        ],
      },
      /kind CNN[\s\S]*known behind the transformer are Pooling, Normalize, Dropout, Dense, LayerNorm/,
    ],
    [
      'an unknown activation',
      { '2_Dense/config.json': { in_features: 32, out_features: 8, activation_function: 'my.Evil' } },
      /activation "my.Evil"[\s\S]*Tanh/,
    ],
    ['an unknown pooling', { '1_Pooling/config.json': { pooling_mode: 'median' } }, /mode "median"/],
  ])('refuses %s', async (name, files, message) => {
    const loading = pipeline('sentence-embedding', await changed(name, files))
    await expect(loading).rejects.toThrow(ConfigError)
    await expect(loading).rejects.toThrow(message)
  })
})

describe.skipIf(!existsSync(minilm))('all-MiniLM-L6-v2', () => {
  it('gives the vectors of the reference', async () => {
    const reference = JSON.parse(readFileSync(join(minilm, 'reference.json'), 'utf8'))
    const entries: { text: string | string[] }[] = reference.texts
    // The reference has pairs, too, which sentence-transformers does not embed.
    const single = entries.flatMap(({ text }, i) => (typeof text === 'string' ? [{ text, i }] : []))
    using embed = await pipeline('sentence-embedding', minilm)
    const ours = await embed(single.map(({ text }) => text))
    const { embeddings } = await safetensors.load_file(join(minilm, 'reference.safetensors'))
    const theirs = (embeddings as Tensor).tolist() as number[][]
    expectNearly(
      rows(ours),
      single.map(({ i }) => theirs[i]),
    )
  })
})

describe('similarity', () => {
  const [a, b] = ['cls', 'mean'].map((mode) => vectors(golden.pooling[mode])) as [
    Float32Array[],
    Float32Array[],
  ]

  it('scores as sentence_transformers.util', () => {
    for (const score of [cos_sim, dot_score, pairwise_cos_sim, pairwise_dot_score]) {
      expectNearly(score(a, b).tolist(), golden.scores[score.name])
    }
  })

  it('finds as semantic_search', async () => {
    expectNearly(await semantic_search(a, b, { top_k: 3 }), golden.search)
    expectNearly(
      await semantic_search(a, b, { top_k: 3, corpus_chunk_size: 2, query_chunk_size: 1 }),
      golden.search,
    )
    const [best] = await semantic_search(b[2] as Float32Array, b, { top_k: 100 })
    expect(best).toHaveLength(b.length)
    expect(best?.[0]?.corpus_id).toBe(2)
  })

  it('refuses vectors that cannot be compared', async () => {
    expect(() => dot_score([1, 2], [1, 2, 3])).toThrow(ShapeError)
    expect(() => cos_sim([new Float32Array(2), new Float32Array(3)], [1, 2])).toThrow(/a\[1\] has 3 numbers/)
    expect(() => cos_sim([], [1])).toThrow(/a has no vectors/)
    await expect(semantic_search([1, 2], [3, 4], { top_k: 0 })).rejects.toThrow(/top_k/)
  })
})
