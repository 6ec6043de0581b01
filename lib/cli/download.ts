import process from 'node:process'

import { Command } from 'commander'

import type { HubOptions } from '../hub/index.js'

interface Options {
  revision?: string
  subfolder?: string
  cacheDir?: string
  force?: boolean
}

/** `robertorch download ID`: the snapshot's folder is printed alone on the standard output, for scripts. */
export function downloadCommand(): Command {
  return new Command('download')
    .description('bring a model of the hub into the cache: configuration, weights, tokenizer')
    .argument('<id>', 'for example FacebookAI/roberta-base')
    .option('--revision <name>', 'branch, tag or commit')
    .option('--subfolder <path>', 'folder inside the repository')
    .option('--cache-dir <folder>', 'default: HF_HUB_CACHE, or hub in HF_HOME')
    .option('--force', 'download again what is there')
    .action(async (id: string, { revision, subfolder, cacheDir, force }: Options) => {
      const { resolveModelFolder, together } = await import('../hub/index.js')
      const { wantedAnyTokenizer, wantedModel } = await import('../transformers/wanted-files.js')
      const options: HubOptions = { revision, subfolder, cache_dir: cacheDir, force_download: force }
      const wanted = together(wantedModel({}), wantedAnyTokenizer)
      process.stdout.write(`${await resolveModelFolder(id, options, wanted)}\n`)
    })
}
