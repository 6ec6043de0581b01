import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { expect, it } from 'vitest'

import { RobertaConfig, RobertaForMaskedLM, torch } from '../../lib/index.js'
import { packageRoot } from '../../lib/native/paths.js'
import { temporaryFolder } from '../native/io/safetensors-file.js'

// The peak of a process is told by Linux only.
it.runIf(process.platform === 'linux')('loading takes at most 1.1 times the size of the file', async () => {
  const config = new RobertaConfig({ num_hidden_layers: 2 })
  torch.manual_seed(0)
  const model = new RobertaForMaskedLM(config)
  for (const { dtype = 'float32', ...options } of [
    {},
    { max_shard_size: '60MB' },
    { safe_serialization: false },
    { safe_serialization: false, max_shard_size: '60MB' },
    // Half as many bytes, and no more than one of the file's tensors beside them.
    { dtype: 'bfloat16' },
    { dtype: 'bfloat16', safe_serialization: false },
  ]) {
    const folder = temporaryFolder()
    await model.save_pretrained(folder, options)
    const script = join(packageRoot, 'test/stress/fixtures/loading.ts')
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, folder, dtype], {
      cwd: packageRoot,
      encoding: 'utf8',
    })
    rmSync(folder, { recursive: true })
    const bytes = model.num_parameters() * 4
    expect(stderr).toBe('')
    expect(Number(stdout) / bytes, JSON.stringify({ dtype, ...options })).toBeLessThan(1.1)
    // The weights were really read.
    expect(Number(stdout) / bytes).toBeGreaterThan(dtype === 'float32' ? 0.9 : 0.45)
  }
})
