/** torch.save */

import { open } from 'node:fs/promises'
import { endianness } from 'node:os'
import { basename, extname } from 'node:path'

import { writeAtomically } from '../../../atomic-write.js'
import { ArgumentError } from '../../../errors.js'
import type { Device } from '../../device.js'
import type { DType } from '../../dtype.js'
import { native } from '../../native.js'
import { isParameter } from '../../nn/parameter.js'
import type { Tensor } from '../../tensor.js'
import { explained, memoryPieces } from '../file-bytes.js'
import { storageTypeOf } from '../pickle/globals.js'
import { GlobalName, noHooks, PersistentId, Pickler, Reduced, TupleOf } from '../pickle/pickler.js'
import { ZipWriter } from './zip-writer.js'

/** What `torch.save` writes. */
export type Saved =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Tensor
  | DType
  | Device
  | readonly Saved[]
  | ReadonlySet<Saved>
  | ReadonlyMap<Saved, Saved>
  | { readonly [key: string]: Saved }

/** A storage that is written, under its number. */
interface Stored {
  key: string
  bytes: Tensor
}

const utils = (name: string) => new GlobalName('torch._utils', name)
const rebuild = {
  parameter: utils('_rebuild_parameter'),
  tensor: utils('_rebuild_tensor_v2'),
  untyped: utils('_rebuild_tensor_v3'),
}

function storageClass(name: string): GlobalName {
  const dot = name.lastIndexOf('.')
  return new GlobalName(name.slice(0, dot), name.slice(dot + 1))
}

/** Python's form of tensors, and the storages that they need. */
class TensorForms {
  readonly storages = new Map<bigint, Stored>()

  form = (value: object): Reduced | undefined => {
    if (!native.isTensor(value)) return undefined
    const tensor = value as Tensor
    if (isParameter(tensor)) {
      return new Reduced(rebuild.parameter, [tensor.detach(), tensor.requires_grad, noHooks()])
    }
    return this.#plain(tensor)
  }

  #plain(tensor: Tensor): Reduced {
    if (native.layout(tensor) !== 'strided') {
      throw new ArgumentError(`torch.save cannot write a tensor of layout ${native.layout(tensor)}`, {
        hint: 'use tensor.to_dense()',
      })
    }
    const location = String(tensor.device)
    // Memory of another device is copied, each tensor for itself.
    const here = tensor.detach().cpu().resolve_conj().resolve_neg()
    const held = location === 'cpu' ? here : here.contiguous()
    const { key, bytes } = this.#store(held)
    const type = storageTypeOf(tensor.dtype)
    const elements = Math.floor(bytes.numel() / (type.dtype?.itemsize ?? 1))
    const storage = new PersistentId(
      new TupleOf(['storage', storageClass(type.name), key, location, elements]),
    )
    const strides = new TupleOf(native.strides(held))
    const common = [
      storage,
      held.storage_offset(),
      new TupleOf(held.shape),
      strides,
      tensor.requires_grad,
      noHooks(),
    ]
    return type.dtype === null
      ? new Reduced(rebuild.untyped, [...common, tensor.dtype])
      : new Reduced(rebuild.tensor, common)
  }

  #store(tensor: Tensor): Stored {
    const id = native.storageId(tensor)
    const known = this.storages.get(id)
    if (known) return known
    // Kept until they are written: an id means something only as long as its storage lives.
    const stored = { key: String(this.storages.size), bytes: native.wholeStorage(tensor) }
    this.storages.set(id, stored)
    return stored
  }
}

/**
 * torch.save: writes tensors and plain data in the zip form, which Python opens with `torch.load(path,
 * weights_only=True)`; never leaves half a file under its name. Tensors that share a storage share it in the file, which
 * holds the whole storage, as in Python. Arrays become lists, objects and Maps dicts (an object's keys that are whole
 * numbers become int), numbers int where they are whole and float otherwise. Tensors must not change until the promise
 * is settled.
 *
 * @throws ArgumentError for functions, modules and other objects of classes, CheckpointError when it cannot be written.
 */
export async function save(value: Saved, path: string): Promise<void> {
  if (typeof path !== 'string' || path === '') {
    throw new ArgumentError('torch.save takes a value and the path of a file', {
      hint: "write torch.save(model.state_dict(), 'model.pt')",
    })
  }
  const forms = new TensorForms()
  const pickle = new Pickler(forms.form).dump(value)
  // As Python names it, after the file.
  const root = basename(path, extname(path)).replace(/[^\w.-]/g, '_') || 'archive'
  const write = async (temporary: string) => {
    const file = await open(temporary, 'w')
    try {
      const zip = new ZipWriter(file)
      await zip.add(`${root}/data.pkl`, [pickle])
      await zip.add(`${root}/byteorder`, [Buffer.from(endianness() === 'LE' ? 'little' : 'big')])
      for (const { key, bytes } of forms.storages.values()) {
        await zip.add(`${root}/data/${key}`, memoryPieces(bytes))
      }
      await zip.add(`${root}/version`, [Buffer.from('3\n')])
      await zip.finish()
    } finally {
      await file.close()
    }
  }
  await explained(`${path} cannot be written`, () => writeAtomically(path, write))
}
