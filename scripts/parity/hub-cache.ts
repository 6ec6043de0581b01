/** The cache of the hub: what Python downloads is used here, what is downloaded here is used by Python. */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import process from 'node:process'

import {
  AutoModelForMaskedLM,
  AutoTokenizer,
  RobertaConfig,
  RobertaForMaskedLM,
  RobertaTokenizer,
  torch,
} from '../../lib/index.js'
import { packageRoot } from '../../lib/native/paths.js'
import { type Check, Collector } from './check.js'
import { smallConfig } from './models.js'

const id = 'someone/tiny'
const text = 'to be, or not to be'
/** Those that from_pretrained of model and tokenizer asks for here. */
const files = (shards: readonly string[]) => ({
  present: [
    'config.json',
    'model.safetensors.index.json',
    ...shards,
    'tokenizer.json',
    'tokenizer_config.json',
    'special_tokens_map.json',
  ],
  absent: ['model.safetensors', 'generation_config.json', 'added_tokens.json'],
})

/** Starts the server in a process of its own, because this one waits for Python; it ends with this one. */
async function serve(folder: string): Promise<string> {
  const script = join(packageRoot, 'test', 'unit', 'hub', 'serve.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {
    cwd: packageRoot,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [url] = await once(child.stdout, 'data')
  child.unref()
  child.stdout.destroy()
  return String(url).trim()
}

/** Every file by its SHA-256, every link by its target; locks are each side's own. */
function listing(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path)
    if (entry.isDirectory() || name.startsWith('.locks')) continue
    found[name] = lstatSync(path).isSymbolicLink()
      ? `-> ${readlinkSync(path)}`
      : createHash('sha256').update(readFileSync(path)).digest('hex')
  }
  return found
}

async function load(cache_dir: string, results: Collector, prefix: string, offline: boolean): Promise<void> {
  const options = { cache_dir, local_files_only: offline }
  const model = await AutoModelForMaskedLM.from_pretrained(id, options)
  const tokenizer = await AutoTokenizer.from_pretrained(id, options)
  results.addParameters(prefix, model.named_parameters())
  results.facts[`${prefix}/tokens`] = (await tokenizer(text)).input_ids
}

export const hubCache: Check = {
  name: 'hub-cache',
  compared:
    'the cache after downloading a sharded model, file by file; offline loading from the cache of the other side',
  async prepare({ folder }) {
    const source = join(folder, 'hub-source')
    torch.manual_seed(11)
    const tokenizer = await RobertaTokenizer.train_from_iterator([text], { vocab_size: 262 })
    const config = new RobertaConfig({ ...smallConfig(1, 64), vocab_size: 262 })
    await new RobertaForMaskedLM(config).save_pretrained(source, { max_shard_size: '100KB' })
    await tokenizer.save_pretrained(source)
    const shards = readdirSync(source).filter((name) => name.endsWith('.safetensors'))
    const endpoint = await serve(source)
    process.env.HF_ENDPOINT = endpoint
    await load(join(folder, 'hub-ours'), new Collector(), '', false)
    await writeFile(join(folder, 'hub-cache.json'), JSON.stringify({ id, endpoint, text, ...files(shards) }))
  },
  async ours({ folder }) {
    const results = new Collector()
    for (const [name, content] of Object.entries(listing(join(folder, 'hub-ours')))) {
      results.facts[`cache/${name}`] = content
    }
    delete process.env.HF_ENDPOINT
    await load(join(folder, 'hub-python'), results, 'downloaded by the other side', true)
    return results
  },
}
