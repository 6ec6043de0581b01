/** Every tokenizer family's answers to many texts: ids, offsets, words, masks and mappings for all options. */

import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { torch } from '../../lib/index.js'
import { type Check, Collector, type PythonResults } from './check.js'
import { batchesOf, corpora, textsInBatch, tokenizerCases, tokenizers } from './tokenizer-cases.js'
import { type Sums, sumsOf } from './tokenizer-rows.js'

const [shortTexts, allTexts] = [tokenizerCases.length * textsInBatch, 100_000]
const shownCharacters = 120

/** What Python loads: the same folder, or where it has only a SentencePiece model, what `save_pretrained` makes of it. */
async function forPython({ name, type, folder }: (typeof tokenizers)[number], exchange: string) {
  const path = existsSync(join(folder, 'tokenizer.json')) ? folder : join(exchange, name)
  if (path !== folder) await (await type.from_pretrained(folder)).save_pretrained(path)
  return { name, class: `${type.family.tokenizerClass}Fast`, folder: path }
}

/** Names the first text whose sum is another one, as a fact that Python does not have. */
function nameDifference(results: Collector, name: string, sums: Sums, python: PythonResults): void {
  for (const [kind, { values, texts }] of sums) {
    const theirs = python.tensors.get(`${name}/${kind}`)?.tolist() as number[] | undefined
    const at = values.findIndex((value, i) => value !== Number(theirs?.[i]))
    if (at < 0) continue
    results.facts[`${name}/${kind}: first text that differs`] = texts[at]?.slice(0, shownCharacters)
  }
}

export const tokenizersCheck: Check = {
  name: 'tokenizers',
  compared:
    `${allTexts} texts (--short: ${shortTexts}) through ${tokenizers.length} tokenizers and ${tokenizerCases.length}` +
    ' sets of options, each text through two of them: checksums of ids, offsets, words, masks, mappings, decoded texts',
  async prepare({ folder, short: isShort, threads }) {
    // PyTorch's threads do not tokenize: one run of everything is enough.
    const short = isShort || threads === 1
    const count = short ? shortTexts : allTexts
    const spec = {
      count,
      corpora,
      textsInBatch,
      cases: tokenizerCases,
      batches: batchesOf(count),
      tokenizers: await Promise.all(tokenizers.map((one) => forPython(one, folder))),
    }
    await writeFile(join(folder, 'tokenizers.json'), JSON.stringify(spec))
  },
  async ours({ folder }, python) {
    const texts: string[] = JSON.parse(await readFile(join(folder, 'tokenizer-texts.json'), 'utf8'))
    const results = new Collector()
    for (const tokenizer of tokenizers) {
      const sums = await sumsOf(tokenizer, texts)
      for (const [name, { values }] of sums) {
        results.add(`${tokenizer.name}/${name}`, torch.tensor(values, { dtype: torch.int64 }))
      }
      nameDifference(results, tokenizer.name, sums, python)
    }
    return results
  },
}
