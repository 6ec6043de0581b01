import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { describe, expect, it } from 'vitest'

import { ArgumentError, DTypeError, RobertaConfig, RobertaModel, torch } from '../../../lib/index.js'
import { packageRoot } from '../../../lib/native/paths.js'
import { native } from '../../../lib/torch/native.js'
import type { Tensor } from '../../../lib/torch/tensor.js'
import { temporaryFolder } from './safetensors-file.js'

/** Runs fixtures/save.ts, a model of about 700 kB; `prefix` is a shell command that comes before. */
function runChild(folder: string, ...rest: string[]) {
  return runAfter(':', folder, ...rest)
}

function runAfter(prefix: string, ...args: string[]) {
  const words = [
    process.execPath,
    '--import',
    'tsx',
    join(packageRoot, 'test/native/io/fixtures/save.ts'),
    ...args,
  ]
  const command = words.map((word) => `'${word}'`).join(' ')
  const { stdout, stderr, status } = spawnSync('sh', ['-c', `${prefix}; exec ${command}`], {
    cwd: packageRoot,
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

const goesOn = /\n1,3,64\n$/

describe('a disk that is full', () => {
  it('leaves the old files whole and no other', () => {
    const folder = temporaryFolder()
    runChild(folder, 'save')
    const before = ['config.json', 'model.safetensors'].map((name) => readFileSync(join(folder, name)))
    // A file may have 256 blocks of 512 bytes: the weights' second part does not fit.
    const output = runAfter('ulimit -f 256', folder, 'save')
    expect(output).toMatch(/^CheckpointError: .*model\.safetensors: cannot be written \(File too large\)/)
    expect(output).toMatch(goesOn)
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors'])
    expect(['config.json', 'model.safetensors'].map((name) => readFileSync(join(folder, name)))).toEqual(
      before,
    )
  })

  it('leaves nothing where nothing was', () => {
    const folder = join(temporaryFolder(), 'new')
    expect(runAfter('ulimit -f 256', folder, 'save')).toMatch(goesOn)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('a folder that may not be written', () => {
  it('stays as it was', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'config.json'), '{}')
    chmodSync(folder, 0o555)
    const output = runChild(folder, 'save', 'unprivileged')
    expect(output).toMatch(/^CheckpointError: .*model\.safetensors: cannot be created \(Permission denied\)/)
    expect(output).toMatch(goesOn)
    expect(readdirSync(folder)).toEqual(['config.json'])
  })

  it('and cannot be made', () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o555)
    const output = runChild(join(folder, 'new'), 'save', 'unprivileged')
    expect(output).toMatch(/^CheckpointError: the folder .*new cannot be made: EACCES/)
    expect(output).toMatch(goesOn)
    expect(existsSync(join(folder, 'new'))).toBe(false)
  })

  it('or whose files may not be read', () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o755)
    runChild(folder, 'save')
    chmodSync(join(folder, 'model.safetensors'), 0)
    const output = runChild(folder, 'load', 'unprivileged')
    expect(output).toMatch(/^CheckpointError: .*model\.safetensors: cannot be opened \(Permission denied\)/)
    expect(output).toMatch(goesOn)
  })
})

describe('save_pretrained refuses', () => {
  const model = new RobertaModel(
    new RobertaConfig({ hidden_size: 12, intermediate_size: 8, num_hidden_layers: 1 }),
  )

  it('a file in place of the folder, and what is no path', async () => {
    const path = join(temporaryFolder(), 'file')
    writeFileSync(path, 'mine')
    await expect(model.save_pretrained(path)).rejects.toThrow(/the folder .*file cannot be made: EEXIST/)
    await expect(model.save_pretrained(join(path, 'below'))).rejects.toThrow(/cannot be made: ENOTDIR/)
    expect(readFileSync(path, 'utf8')).toBe('mine')
    for (const folder of [undefined, null, 5, '']) {
      await expect(model.save_pretrained(folder as never)).rejects.toThrow(ArgumentError)
    }
  })

  it('folders in place of the files', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'model.safetensors', 'inside'), { recursive: true })
    await expect(model.save_pretrained(folder)).rejects.toThrow(
      /cannot be renamed to its final name \(Is a directory\)/,
    )
    expect(readdirSync(folder)).toEqual(['model.safetensors'])
    const other = temporaryFolder()
    mkdirSync(join(other, 'config.json', 'inside'), { recursive: true })
    await expect(model.save_pretrained(other)).rejects.toThrow(/config\.json cannot be written: EISDIR/)
    expect(readdirSync(other).sort()).toEqual(['config.json', 'model.safetensors'])
  })
})

describe('safetensors', () => {
  const path = () => join(temporaryFolder(), 'file.safetensors')

  it('come back equal in every dtype, from any strides', async () => {
    const file = path()
    const tensors: [string, Tensor][] = [
      'float32', 'float64', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool', 'uint16', 'uint32', 'uint64',
      'float8_e5m2', 'float8_e4m3fn',
    ].map((name) => [name, torch.arange(6).reshape([2, 3]).t().to(name)]) // biome-ignore format: a list of names
    tensors.push(
      ['scalar', torch.tensor(1.5)],
      ['empty', torch.empty([0, 3])],
      ['"odd\\name\n\u{1f600}', torch.ones([1])],
    )
    await native.saveSafetensors(file, tensors, { 'a "key"': 'ü\n' })
    const loaded = await native.loadSafetensors(file)
    expect(loaded.metadata).toEqual({ 'a "key"': 'ü\n' })
    const found = new Map(loaded.tensors)
    expect([...found.keys()].sort()).toEqual(tensors.map(([name]) => name).sort())
    for (const [name, tensor] of tensors) {
      const back = found.get(name) as Tensor
      expect([name, back.dtype, back.shape]).toEqual([name, tensor.dtype, tensor.shape])
      expect(back.toTypedArray()).toEqual(tensor.contiguous().toTypedArray())
    }
  })

  it('refuse dtypes that they cannot hold, names twice, metadata that are no strings', async () => {
    const complex: [string, Tensor] = ['c', torch.zeros([1], { dtype: torch.complex64 })]
    await expect(native.saveSafetensors(path(), [complex], {})).rejects.toThrow(DTypeError)
    await expect(native.saveSafetensors(path(), [complex], {})).rejects.toThrow(
      /'c' has the dtype ComplexFloat/,
    )
    const twice: [string, Tensor][] = [['a', torch.ones([1])], ['a', torch.ones([1])]] // biome-ignore format: a pair
    await expect(native.saveSafetensors(path(), twice, {})).rejects.toThrow(
      /the tensor name 'a' is given twice/,
    )
    expect(() => native.saveSafetensors(path(), [], { step: 5 as never })).toThrow(
      /metadata 'step' must be a string/,
    )
  })
})
