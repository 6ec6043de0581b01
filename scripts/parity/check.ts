/** What a parity check is: the same work here and in Python, and the results of both under the same names. */

import { join } from 'node:path'

import { native } from '../../lib/torch/native.js'
import type { Tensor } from '../../lib/torch/tensor.js'

export interface Context {
  /** Exchanged files lie here. */
  folder: string
  /** Threads of an operator, the same on both sides. */
  threads: number
  /** The form for CI: fewer and smaller models. */
  short: boolean
}

/** What one side computed: tensors, and facts that are no tensors, as JSON. */
export interface Results {
  tensors: Map<string, Tensor>
  facts: Record<string, unknown>
}

/** What Python left in `NAME.safetensors`: inputs under `in/`, everything else is a result. */
export interface PythonResults extends Results {
  inputs: Map<string, Tensor>
}

export interface Check {
  /** Name of the Python module beside it, too. */
  name: string
  /** What is compared, for the table. */
  compared: string
  /** Leaves in the folder what Python needs: specifications as JSON, saved models. */
  prepare?(context: Context): Promise<void>
  /** The same work as `run` in the Python module. */
  ours(context: Context, python: PythonResults): Promise<Results>
}

/** Reads the file that a check's Python module wrote. */
export async function readPython(context: Context, name: string): Promise<PythonResults> {
  const { tensors, metadata } = await native.loadSafetensors(join(context.folder, `${name}.safetensors`))
  const isInput = ([key]: [string, Tensor]) => key.startsWith('in/')
  const inputs = tensors
    .filter(isInput)
    .map(([key, tensor]): [string, Tensor] => [key.slice('in/'.length), tensor])
  return {
    inputs: new Map(inputs),
    tensors: new Map(tensors.filter((entry) => !isInput(entry))),
    facts: JSON.parse(metadata.facts as string),
  }
}

/** Collects results under names; tensors are copied, since training goes on writing into them. */
export class Collector implements Results {
  readonly tensors = new Map<string, Tensor>()
  readonly facts: Record<string, unknown> = {}

  add(name: string, tensor: Tensor): void {
    this.tensors.set(name, tensor.detach().clone())
  }

  /** All parameters of a model under `PREFIX/PARAMETER`, or what `of` takes from each. */
  addParameters(
    prefix: string,
    named: readonly [string, Tensor][],
    of: (parameter: Tensor) => Tensor | null = (parameter) => parameter,
  ): void {
    for (const [name, parameter] of named) {
      const tensor = of(parameter)
      if (tensor !== null) this.add(`${prefix}/${name}`, tensor)
    }
  }
}
