/** Checkpoints in every form, saved by one side and opened by the other. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { RobertaConfig, RobertaForMaskedLM, type Tensor, torch } from '../../lib/index.js'
import { type Check, Collector, type Context } from './check.js'
import { smallConfig } from './models.js'

const spec = {
  seed: 7,
  config: smallConfig(2, 64),
  forms: [
    { name: 'safetensors', safetensors: true, size: '5GB', legacy: false },
    { name: 'safetensors in shards', safetensors: true, size: '100KB', legacy: false },
    { name: 'bin', safetensors: false, size: '5GB', legacy: false },
    { name: 'bin in shards', safetensors: false, size: '100KB', legacy: false },
    { name: 'bin of the old form', safetensors: false, size: '5GB', legacy: true },
  ],
}

const { Parameter } = torch.nn

function makeModel(): RobertaForMaskedLM {
  torch.manual_seed(spec.seed)
  return new RobertaForMaskedLM(new RobertaConfig(spec.config))
}

/** What `torch.save` can be given. */
function values() {
  const base = torch.arange(12, { dtype: 'float32' }).reshape([3, 4])
  const list = [1, 2.5, null, true]
  const dtypes = [
    'float64',
    'float16',
    'bfloat16',
    'int64',
    'int32',
    'int16',
    'int8',
    'uint8',
    'uint16',
    'bool',
  ]
  return {
    tensors: {
      base,
      transposed: base.t(),
      row: base.at(1),
      scalar: torch.tensor(5),
      empty: torch.zeros([0, 3]),
      expanded: torch.ones([1]).expand([5]),
      requires_grad: torch.ones([2], { requires_grad: true }),
      parameter: Parameter(torch.ones([2])),
      frozen: Parameter(torch.ones([2]), false),
      ...Object.fromEntries(dtypes.map((dtype) => [dtype, torch.arange(2).to(dtype)])),
    } as Record<string, Tensor>,
    plain: {
      text: 'ü€😀',
      list,
      again: list,
      big: 2n ** 70n,
      float: 1.5,
      int: -70000,
      bytes: new Uint8Array([0, 255]),
      set: new Set([1, 2]),
      map: new Map<string | number, number>([
        ['0', 1],
        [0, 2],
      ]),
      dtype: torch.float16,
      device: torch.device('cuda', 0),
      nothing: null,
    },
  }
}

function addValues(results: Collector): void {
  const { tensors, plain } = values()
  for (const [name, tensor] of Object.entries(tensors)) {
    results.add(`values/${name}`, tensor)
    results.add(`values, mapped/${name}`, tensor)
    results.facts[`values/${name}`] = {
      stride: tensor.stride(),
      offset: tensor.storage_offset(),
      requires_grad: tensor.requires_grad,
      parameter: name === 'parameter' || name === 'frozen',
    }
  }
  // Three tensors look at one; the empty one has no memory.
  results.facts['values/storages'] = Object.keys(tensors).length - 2
  results.facts['values/plain'] = {
    types: {
      text: 'str',
      list: 'list',
      again: 'list',
      big: 'int',
      float: 'float',
      int: 'int',
      bytes: 'bytes',
      set: 'set',
      map: 'dict',
      dtype: 'dtype',
      device: 'device',
      nothing: 'NoneType',
    },
    text: plain.text,
    list: plain.list,
    big: String(plain.big),
    bytes: [...plain.bytes],
    set: [...plain.set],
    keys: ['0', '0'],
    dtype: 'torch.float16',
    device: 'cuda:0',
    shared: true,
  }
}

async function addOpened(results: Collector, { folder }: Context): Promise<void> {
  for (const { name, safetensors } of spec.forms) {
    const model = await RobertaForMaskedLM.from_pretrained(join(folder, 'checkpoints-python', name), {
      use_safetensors: safetensors,
      onReport: (_, text) => {
        if (text !== '') throw new Error(`${name}: ${text}`)
      },
    })
    results.addParameters(`saved by Python/${name}`, model.named_parameters())
  }
}

export const checkpoints: Check = {
  name: 'checkpoints',
  compared: `weights in ${spec.forms.length} forms saved here and opened by Python, and the other way round; what torch.save writes through weights_only=True`,
  async prepare({ folder }) {
    await writeFile(join(folder, 'checkpoints.json'), JSON.stringify(spec))
    const model = makeModel()
    for (const { name, safetensors, size } of spec.forms) {
      const options = { safe_serialization: safetensors, max_shard_size: size }
      await model.save_pretrained(join(folder, 'checkpoints-ours', name), options)
    }
    await torch.save(values(), join(folder, 'checkpoints-values.pt'))
  },
  async ours(context) {
    const results = new Collector()
    for (const { name } of spec.forms) {
      const prefix = `saved here/${name}`
      results.facts[`${prefix}/report`] = {
        missing_keys: [],
        unexpected_keys: [],
        mismatched_keys: [],
        error_msgs: [],
      }
      results.addParameters(prefix, makeModel().named_parameters())
    }
    await addOpened(results, context)
    addValues(results)
    return results
  },
}
