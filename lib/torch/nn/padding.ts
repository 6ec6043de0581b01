/** torch.nn: elements around an input. */

import { ArgumentError } from '../../errors.js'
import { aten } from './aten.js'
import { layer, pairs, shown } from './function-layer.js'

type Spatial = 1 | 2 | 3

interface Padding {
  /** One number for all ends, or [left, right, top, bottom, front, back] as far as there are dimensions. */
  padding: number | readonly number[]
}

function ends(padding: number | readonly number[], spatial: Spatial, name: string): number[] {
  const all = typeof padding === 'number' ? new Array<number>(2 * spatial).fill(padding) : [...padding]
  if (all.length === 2 * spatial) return all
  throw new ArgumentError(`${name} takes ${2 * spatial} numbers as padding, found ${all.length}`)
}

function padLayer(kind: string, spatial: Spatial, mode: 'constant' | 'reflect' | 'replicate' | 'circular') {
  const name = `${kind}Pad${spatial}d`
  return layer<Padding>()(name, {
    needed: ['padding'],
    prepare: ({ padding }) => ({ padding: ends(padding, spatial, name) }),
    run: ({ padding }, input) => aten.pad(input, padding as number[], mode),
    repr: ({ padding }) => shown(padding),
  })
}

function constant(spatial: Spatial) {
  const name = `ConstantPad${spatial}d`
  return layer<Padding & { value: number }>()(name, {
    needed: ['padding', 'value'],
    prepare: ({ padding }) => ({ padding: ends(padding, spatial, name) }),
    run: ({ padding, value }, input) => aten.pad(input, padding as number[], 'constant', value),
    repr: ({ padding, value }) => pairs({ padding, value }),
  })
}

/** torch.nn.ConstantPad1d */
export const ConstantPad1d = constant(1)
/** torch.nn.ConstantPad2d */
export const ConstantPad2d = constant(2)
/** torch.nn.ConstantPad3d */
export const ConstantPad3d = constant(3)
/** torch.nn.ZeroPad1d */
export const ZeroPad1d = padLayer('Zero', 1, 'constant')
/** torch.nn.ZeroPad2d */
export const ZeroPad2d = padLayer('Zero', 2, 'constant')
/** torch.nn.ZeroPad3d */
export const ZeroPad3d = padLayer('Zero', 3, 'constant')
/** torch.nn.ReflectionPad1d: the input mirrored at its ends. */
export const ReflectionPad1d = padLayer('Reflection', 1, 'reflect')
/** torch.nn.ReflectionPad2d */
export const ReflectionPad2d = padLayer('Reflection', 2, 'reflect')
/** torch.nn.ReflectionPad3d */
export const ReflectionPad3d = padLayer('Reflection', 3, 'reflect')
/** torch.nn.ReplicationPad1d: the outermost elements again. */
export const ReplicationPad1d = padLayer('Replication', 1, 'replicate')
/** torch.nn.ReplicationPad2d */
export const ReplicationPad2d = padLayer('Replication', 2, 'replicate')
/** torch.nn.ReplicationPad3d */
export const ReplicationPad3d = padLayer('Replication', 3, 'replicate')
/** torch.nn.CircularPad1d: the input's other end. */
export const CircularPad1d = padLayer('Circular', 1, 'circular')
/** torch.nn.CircularPad2d */
export const CircularPad2d = padLayer('Circular', 2, 'circular')
/** torch.nn.CircularPad3d */
export const CircularPad3d = padLayer('Circular', 3, 'circular')
