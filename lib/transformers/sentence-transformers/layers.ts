/** What sentence-transformers puts behind the pooling: layers over the vectors of whole texts. */

import { join } from 'node:path'

import { ConfigError } from '../../errors.js'
import { torch } from '../../torch/index.js'
import type { Module } from '../../torch/nn/module.js'
import type { Tensor } from '../../torch/tensor.js'
import { openWeights } from '../checkpoint/index.js'
import { readJsonObject } from '../json-file.js'

const { nn } = torch

/** (batch, features) → (batch, other features) */
export type SentenceLayer = (embeddings: Tensor) => Tensor

type Config = Readonly<Record<string, unknown>>
type VectorModule = Module<[input: Tensor], Tensor>

/** By the last part of their Python names. */
const readers: Readonly<Record<string, (folder: string) => Promise<SentenceLayer>>> = {
  Normalize: async () => (embeddings) => nn.functional.normalize(embeddings, { p: 2, dim: -1 }),
  Dropout: async () => (embeddings) => embeddings, // rests outside of training
  Dense: readDense,
  LayerNorm: async (folder) => {
    const { dimension } = await configOf(folder)
    return loaded(folder, new nn.LayerNorm(size(dimension, 'dimension', folder)), 'norm')
  },
}

export const layerNames = Object.keys(readers)

/** Files of a layer's folder; the weights by the names that sentence-transformers gives them. */
export const layerFiles = ['config.json', 'model.safetensors', 'pytorch_model.bin']

/**
 * Reads a layer from its folder.
 *
 * @param name as in modules.json, without the package
 * @throws ConfigError, CheckpointError
 */
export async function readLayer(name: string, folder: string): Promise<SentenceLayer> {
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined
  if (read) return read(folder)
  throw new ConfigError(`${folder} is a module of the kind ${name}, which is not here`, {
    hint: `known behind the transformer are Pooling, ${layerNames.join(', ')}`,
  })
}

async function readDense(folder: string): Promise<SentenceLayer> {
  const config = await configOf(folder)
  const { module_input_name: input = 'sentence_embedding', module_output_name: output = input } = config
  if (config.use_residual || input !== 'sentence_embedding' || output !== input) {
    throw new ConfigError(`${folder} is a Dense layer with a residual or over other vectors than the text's`)
  }
  const sizes = ['in_features', 'out_features'].map((name) => size(config[name], name, folder))
  const linear = new nn.Linear(sizes[0] as number, sizes[1] as number, { bias: config.bias !== false })
  const dense = await loaded(folder, linear, 'linear')
  const activation = activationOf(config, folder)
  return (embeddings) => activation(dense(embeddings))
}

function activationOf(config: Config, folder: string): SentenceLayer {
  const { activation_function: named = 'torch.nn.modules.activation.Tanh' } = config
  const name = String(named).startsWith('torch.') ? String(named).split('.').at(-1) : undefined
  const activation = name === undefined ? undefined : activations[name]
  if (activation) return activation
  throw new ConfigError(`${folder} asks for the activation ${JSON.stringify(named)}`, {
    hint: `known are ${Object.keys(activations).join(', ')} of torch.nn`,
  })
}

const activations: Readonly<Record<string, SentenceLayer>> = {
  Identity: (x) => x,
  Tanh: (x) => x.tanh(),
  ReLU: (x) => x.relu(),
  GELU: (x) => nn.functional.gelu(x),
  Sigmoid: (x) => x.sigmoid(),
  SiLU: (x) => nn.functional.silu(x),
}

/** Gives a module the weights of a folder, where they are named after the attribute that holds it in Python. */
async function loaded(folder: string, module: VectorModule, attribute: string): Promise<SentenceLayer> {
  const weights = await openWeights(folder)
  const prefix = `${attribute}.`
  const state = [...weights].map(([name, tensor]) => [
    name.startsWith(prefix) ? name.slice(prefix.length) : name,
    tensor,
  ])
  module.load_state_dict(Object.fromEntries(state))
  return (embeddings) => {
    // The layer follows the transformer to its device and dtype.
    const { device, dtype } = embeddings
    return module.to({ device, dtype }).forward(embeddings)
  }
}

async function configOf(folder: string): Promise<Config> {
  const config = await readJsonObject(join(folder, 'config.json'))
  if (!config) throw new ConfigError(`${folder} has no config.json`)
  return config
}

function size(value: unknown, name: string, folder: string): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number
  throw new ConfigError(`${folder}: ${name} must be a whole number above 0, is ${JSON.stringify(value)}`)
}
