/** Safetensors files and bytes under the names of Python's `safetensors.torch`. */

import type { DeviceLike } from '../device.js'
import { native } from '../native.js'
import type { Tensor } from '../tensor.js'

/** What a file holds. */
export interface SafetensorsFile {
  tensors: Record<string, Tensor>
  metadata: Record<string, string>
}

/**
 * The tensors of a file and its metadata (Python: `safe_open(path).metadata()`). On the CPU they are views of a private
 * mapping, opened without reading: writing to them never changes the file.
 *
 * @throws CheckpointError when the file is missing or breaks a rule of the format.
 */
export async function openFile(
  path: string,
  options: { device?: DeviceLike } = {},
): Promise<SafetensorsFile> {
  const { tensors, metadata } = await native.loadSafetensors(path)
  const { device = 'cpu' } = options
  return { tensors: Object.fromEntries(tensors.map(([name, tensor]) => [name, tensor.to(device)])), metadata }
}

/** safetensors.torch.load_file: the tensors by name; see `openFile`. */
export async function load_file(
  path: string,
  options: { device?: DeviceLike } = {},
): Promise<Record<string, Tensor>> {
  return (await openFile(path, options)).tensors
}

/**
 * safetensors.torch.load: the tensors in a file's bytes, by name. The bytes are copied once; the tensors share the copy.
 *
 * @throws CheckpointError when the bytes break a rule of the format.
 */
export function load(data: ArrayBufferView | ArrayBuffer): Record<string, Tensor> {
  return Object.fromEntries(native.parseSafetensors(data).tensors)
}

/**
 * safetensors.torch.save: the bytes of a file. Tensors of any layout and device; those that share memory are written out
 * one by one.
 *
 * @throws DTypeError for a dtype that the format does not have.
 */
export function save(
  tensors: Readonly<Record<string, Tensor>>,
  options: { metadata?: Readonly<Record<string, string>> } = {},
): Uint8Array {
  return new Uint8Array(native.serializeSafetensors(Object.entries(tensors), { ...options.metadata }))
}

/**
 * safetensors.torch.save_file: writes tensors of any layout and device; never leaves half a file under its name. Tensors
 * that share memory are written out one by one.
 *
 * @throws CheckpointError when the file cannot be written.
 */
export function save_file(
  tensors: Readonly<Record<string, Tensor>>,
  path: string,
  options: { metadata?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  return native.saveSafetensors(path, Object.entries(tensors), { ...options.metadata })
}
