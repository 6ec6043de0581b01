/** Makes one recorded call through the public facade. */

import { RobertorchError, type Tensor, torch } from '../../../lib/index.js'
import { difference } from './compare.js'
import { type Decoder, tensorsIn } from './decode.js'
import type { Sample } from './format.js'

type Call = (...args: unknown[]) => unknown

// Memory as it was found: only dtype and shape are defined.
const undefinedValues =
  /^torch\.(Tensor\.)?(empty|empty_like|empty_strided|empty_permuted|new_empty|new_empty_strided|resize_|resize_as_)$/

/** Null when the sample gives what PyTorch gave, else the reason why not. */
export function replay(sample: Sample, decoder: Decoder): string | null {
  const args = decoder.value(sample.args) as unknown[]
  const kwargs = decoder.fields(sample.kwargs)
  const call = resolve(sample.call)
  if (call === undefined) return `missing: ${sample.call}`
  const inputs = tensorsIn([args, kwargs])
  torch.manual_seed(0)
  let output: unknown
  try {
    output = call(...args, ...(Object.keys(kwargs).length > 0 ? [kwargs] : []))
  } catch (error) {
    if (sample.error !== undefined && error instanceof RobertorchError) return null
    if (error instanceof MissingMethod) return `missing: ${sample.call}`
    return `refused: ${firstLine(error)}`
  }
  if (sample.error !== undefined) return `no error, but ${sample.error} in Python`
  const found = difference(output, sample.output as never, decoder, undefinedValues.test(sample.call))
  if (found !== null) return found
  return sample.gradients === undefined ? null : gradientDifference(sample.gradients, output, inputs, decoder)
}

function gradientDifference(
  expected: NonNullable<Sample['gradients']>,
  output: unknown,
  inputs: readonly Tensor[],
  decoder: Decoder,
): string | null {
  const outputs = tensorsIn(output).filter((tensor) => tensor.requires_grad)
  const wanted = inputs.filter((tensor) => tensor.requires_grad)
  try {
    const grad_outputs = outputs.map(cotangent)
    const grads = torch.autograd.grad(outputs, wanted, { grad_outputs, allow_unused: true })
    const found = difference(grads, expected, decoder)
    return found === null ? null : `gradient: ${found}`
  } catch (error) {
    return `gradient: ${firstLine(error)}`
  }
}

// As scripts/op_db/main.py makes it.
function cotangent(output: Tensor): Tensor {
  const positions = torch.arange(output.numel(), { dtype: torch.float32 })
  return positions.cos().reshape(output.shape).to(output.dtype)
}

class MissingMethod extends Error {}

function resolve(name: string): Call | undefined {
  const parts = name.split('.').slice(1)
  if (parts[0] === 'Tensor') return method(parts.slice(1))
  let found: unknown = torch
  for (const part of parts) found = (found as Record<string, unknown> | undefined)?.[part]
  return typeof found === 'function' ? (found as Call) : undefined
}

function method([name, getter]: string[]): Call {
  return (self, ...args) => {
    const found = (self as Record<string, unknown>)[name as string]
    if (getter === '__get__' && found !== undefined) return found
    if (typeof found !== 'function') throw new MissingMethod()
    return found.apply(self, args)
  }
}

const firstLine = (error: unknown) =>
  String((error as Error).message ?? error)
    .slice(0, 160)
    .split('\n')[0]
