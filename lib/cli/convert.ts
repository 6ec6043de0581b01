import process from 'node:process'

import { Command } from 'commander'
import colors from 'picocolors'

interface Options {
  to: string
  head?: string
  maxShardSize?: string
}

/** `robertorch convert DIR --to OUT`: fairseq's `model.pt` and `dict.txt` as a folder that from_pretrained opens. */
export function convertCommand(): Command {
  return new Command('convert')
    .description('turn a RoBERTa of fairseq (model.pt, dict.txt) into a folder of transformers')
    .argument(
      '<dir>',
      'folder with model.pt and dict.txt; encoder.json and vocab.bpe beside them give the tokenizer',
    )
    .requiredOption('--to <folder>', 'folder to write')
    .option('--head <name>', 'classification head to keep, when there are several')
    .option('--max-shard-size <size>', "split weights above this size, for example '2GB'")
    .action(async (from: string, { to, head, maxShardSize }: Options) => {
      // Loaded only now: other commands must work where LibTorch does not.
      const { convertFairseq } = await import('../index.js')
      const options = { head, ...(maxShardSize === undefined ? {} : { max_shard_size: maxShardSize }) }
      const { architecture, files, leftOut } = await convertFairseq(from, to, options)
      process.stdout.write(`${to}: ${architecture}, weights and ${files.join(', ')}\n`)
      if (leftOut.length > 0) process.stderr.write(`${colors.yellow('left out:')} ${leftOut.join(', ')}\n`)
    })
}
