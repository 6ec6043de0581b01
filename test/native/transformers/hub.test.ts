import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import {
  AutoConfig,
  AutoModel,
  AutoModelForCausalLM,
  AutoModelForMaskedLM,
  AutoTokenizer,
  CheckpointError,
  ConfigError,
  GenerationConfig,
  HubNotFoundError,
  pipeline,
  RobertaConfig,
  RobertaForMaskedLM,
  RobertaTokenizer,
  type Tensor,
  torch,
  XLMRobertaModel,
} from '../../../lib/index.js'
import { packageRoot } from '../../../lib/native/paths.js'
import { HubServer } from '../../unit/hub/hub-server.js'
import { fixtures } from '../roberta/reference.js'

const id = 'someone/tiny'
const folder = mkdtempSync(join(tmpdir(), 'robertorch-hub-'))
const cache = join(folder, 'cache')
let server: HubServer
let original: RobertaForMaskedLM

const contents = (path: string) =>
  Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name))]))

beforeAll(async () => {
  torch.manual_seed(3)
  const tokenizer = await RobertaTokenizer.train_from_iterator(['to be, or not to be'], { vocab_size: 262 })
  const sizes = { hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 32 }
  original = new RobertaForMaskedLM(
    new RobertaConfig({ vocab_size: 262, max_position_embeddings: 40, ...sizes }),
  )
  const source = join(folder, 'source')
  await original.save_pretrained(source, { max_shard_size: '10KB' })
  await tokenizer.save_pretrained(source)
  server = await HubServer.start()
  const files = contents(source)
  const shards = Object.keys(files).filter((name) => name.endsWith('.safetensors'))
  expect(shards.length).toBeGreaterThan(1)
  server.repositories.set(id, { files, large: shards })
  // In a repository with more than is needed.
  Object.assign(files, {
    'generation_config.json': Buffer.from('{"max_new_tokens": 3}'),
    'pytorch_model.bin': Buffer.from('not needed'),
    'README.md': Buffer.from('not needed'),
  })
  const nested = Object.entries(files).map(([name, content]) => [`best/${name}`, content])
  server.repositories.set('someone/nested', { files: Object.fromEntries(nested), refs: ['v1'] })
})

beforeEach(() => {
  vi.stubEnv('HF_ENDPOINT', server.url)
  vi.stubEnv('HF_HOME', join(folder, 'home'))
  vi.stubEnv('HF_HUB_CACHE', cache)
  vi.stubEnv('HF_TOKEN', '')
  return () => vi.unstubAllEnvs()
})

afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

function expectSameWeights(model: { named_parameters(): [string, Tensor][] }): void {
  const wanted = new Map(original.named_parameters())
  const got = model.named_parameters()
  expect(got.map(([name]) => name)).toEqual([...wanted.keys()])
  for (const [name, parameter] of got) expect(torch.equal(parameter, wanted.get(name) as Tensor)).toBe(true)
}

describe('a model of sentence-transformers', () => {
  const whole = join(fixtures, 'sentence-transformers', 'whole')

  it('is brought with its modules, into subfolders, and found again without a network', async () => {
    const files: Record<string, Buffer> = {}
    for (const name of readdirSync(whole, { recursive: true, encoding: 'utf8' })) {
      const path = join(whole, name)
      if (!statSync(path).isFile()) continue
      // Older models keep the transformer in a folder of its own.
      const isTransformer = !/modules\.json|config_sentence|\d_/.test(name)
      files[isTransformer ? `0_Transformer/${name}` : name] = readFileSync(path)
    }
    files['modules.json'] = Buffer.from(
      String(files['modules.json']).replace('"path": ""', '"path": "0_Transformer"'),
    )
    files['onnx/model.onnx'] = Buffer.from('not needed')
    server.repositories.set('someone/sentences', { files })
    using here = await pipeline('sentence-embedding', whole)
    using brought = await pipeline('sentence-embedding', 'someone/sentences')
    expect(await brought('a man')).toEqual(await here('a man'))
    expect(server.log.filter(({ path }) => path.includes('onnx'))).toEqual([])
    using again = await pipeline('sentence-embedding', 'someone/sentences', { local_files_only: true })
    expect(await again('a man')).toEqual(await here('a man'))
  })
})

describe('a hub id', () => {
  it('loads a model that fairseq left, and nothing beside it', async () => {
    const source = join(packageRoot, 'test/fixtures/checkpoints/fairseq/masked-lm')
    const files = { ...contents(source), 'README.md': Buffer.from('not needed') }
    server.repositories.set('someone/fairseq', { files, large: ['model.pt'] })
    const cache_dir = join(folder, 'fairseq')
    const expected = await RobertaForMaskedLM.from_pretrained(source, { onReport: () => {} })
    const load = () =>
      RobertaForMaskedLM.from_pretrained('someone/fairseq', { cache_dir, onReport: () => {} })
    const input_ids = torch.tensor([[0, 5, 6, 2]])
    for (const model of [
      await load(),
      await AutoModelForMaskedLM.from_pretrained('someone/fairseq', { cache_dir }),
    ]) {
      expect(model).toBeInstanceOf(RobertaForMaskedLM)
      expect(model.config.to_dict()).toEqual(expected.config.to_dict())
      expect(model({ input_ids }).logits.equal(expected({ input_ids }).logits)).toBe(true)
    }
    const snapshots = join(cache_dir, 'models--someone--fairseq/snapshots')
    const snapshot = join(snapshots, readdirSync(snapshots)[0] as string)
    expect(readdirSync(snapshot).sort()).toEqual(['dict.txt', 'model.pt'])
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    expect((await load())({ input_ids }).logits.equal(expected({ input_ids }).logits)).toBe(true)
  })

  it('says that there is no configuration when only one of fairseq’s files is there', async () => {
    server.repositories.set('someone/half', { files: { 'model.pt': Buffer.from('x') } })
    await expect(AutoModel.from_pretrained('someone/half')).rejects.toThrow(/config\.json/)
  })

  it('loads a model with its shards, and its tokenizer', async () => {
    const model = await RobertaForMaskedLM.from_pretrained(id)
    expectSameWeights(model)
    const tokenizer = await RobertaTokenizer.from_pretrained(id)
    const encoded = await tokenizer(['to be'], { return_tensors: 'pt' })
    const { logits } = torch.no_grad(() => model(encoded))
    expect(torch.equal(logits, torch.no_grad(() => original.eval()(encoded)).logits)).toBe(true)
  })

  it('loads by the Auto classes, with one request each when it is cached', async () => {
    await AutoModelForMaskedLM.from_pretrained(id)
    server.log.length = 0
    expectSameWeights(await AutoModelForMaskedLM.from_pretrained(id))
    expect((await AutoConfig.from_pretrained(id)).hidden_size).toBe(16)
    expect((await RobertaConfig.from_pretrained(id)).hidden_size).toBe(16)
    expect(server.log).toHaveLength(3)
  })

  it('brings what generates, and the tokenizer of whatever class, but no more than is needed', async () => {
    const cache_dir = join(folder, 'auto')
    const tokenizer = await AutoTokenizer.from_pretrained(id, { cache_dir })
    expect(tokenizer).toBeInstanceOf(RobertaTokenizer)
    const snapshots = join(cache_dir, 'models--someone--tiny/snapshots')
    const snapshot = join(snapshots, readdirSync(snapshots)[0] as string)
    const ofTokenizer = readdirSync(snapshot)
    expect(ofTokenizer).toEqual(
      expect.arrayContaining(['tokenizer.json', 'tokenizer_config.json', 'config.json']),
    )
    expect(ofTokenizer.filter((name) => /safetensors|merges|README|bin/.test(name))).toEqual([])
    const model = await AutoModelForCausalLM.from_pretrained(id, { cache_dir, is_decoder: true })
    expect(model.generation_config.max_new_tokens).toBe(3)
    expect((await GenerationConfig.from_pretrained(id, { cache_dir, top_k: 7 })).top_k).toBe(7)
    expect(readdirSync(snapshot).filter((name) => /merges|README|bin/.test(name))).toEqual([])
  })

  it('needs no server when it is cached', async () => {
    await RobertaTokenizer.from_pretrained(id)
    let report = ''
    await AutoModel.from_pretrained(id, {
      onReport: (_, text) => {
        report = text
      },
    })
    expect(report).toMatch(/weights of someone\/tiny that RobertaModel has no use for/)
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9')
    expectSameWeights(await RobertaForMaskedLM.from_pretrained(id))
    await RobertaTokenizer.from_pretrained(id, { add_prefix_space: true })
  })

  it('takes the options of the hub, of loading and of the configuration together', async () => {
    const cache_dir = join(folder, 'other')
    const options = { revision: 'v1', subfolder: 'best', cache_dir, token: false, force_download: false }
    const fields = { dtype: 'float64', attention_probs_dropout_prob: 0.5, onReport: () => {} } as const
    const model = await RobertaForMaskedLM.from_pretrained('someone/nested', { ...options, ...fields })
    expect(model.dtype).toBe(torch.float64)
    expect(model.config.attention_probs_dropout_prob).toBe(0.5)
    const names = Object.keys(model.config.to_dict())
    expect(names.filter((name) => name in options || name === 'local_files_only')).toEqual([])
    expect(readdirSync(cache_dir)).toContain('models--someone--nested')
    const config = await AutoConfig.from_pretrained('someone/nested', { ...options, local_files_only: true })
    expect(config.vocab_size).toBe(262)
    await RobertaTokenizer.from_pretrained('someone/nested', { ...options, model_max_length: 8 })
  })

  it('is checked as a folder is', async () => {
    await expect(XLMRobertaModel.from_pretrained(id)).rejects.toThrow(ConfigError)
    await expect(RobertaForMaskedLM.from_pretrained(id, { variant: 'fp16' })).rejects.toThrow(
      HubNotFoundError,
    )
    const hostile = { weight_map: { a: '../../../evil' } }
    const files = { 'config.json': Buffer.from('{"model_type": "roberta"}') }
    const index = { 'model.safetensors.index.json': Buffer.from(JSON.stringify(hostile)) }
    server.repositories.set('someone/hostile', { files: { ...files, ...index } })
    await expect(AutoModel.from_pretrained('someone/hostile')).rejects.toThrow(CheckpointError)
  })

  it('that nobody has is an error that says so', async () => {
    const loads = [
      RobertaForMaskedLM.from_pretrained('no/body'),
      RobertaConfig.from_pretrained('no/body'),
      AutoModel.from_pretrained('no/body'),
      AutoConfig.from_pretrained('no/body'),
      RobertaTokenizer.from_pretrained('no/body'),
    ]
    for (const outcome of await Promise.allSettled(loads)) {
      expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(HubNotFoundError)
    }
  })
})

it('a folder is loaded from its subfolder, too', async () => {
  expectSameWeights(await RobertaForMaskedLM.from_pretrained(folder, { subfolder: 'source' }))
  await RobertaTokenizer.from_pretrained(folder, { subfolder: 'source' })
})
