/** How a tensor prints: after `_str_intern` of torch/_tensor_str.py. */

import { bool, complex64, complex128, type DType, float32, float64, int64 } from '../dtype.js'
import { native } from '../native.js'
import { operator } from '../operators.js'
import { get_default_dtype } from '../settings.js'
import { type Tensor, toNumbers } from '../tensor.js'
import { type Formatter, floatFormatter, integerFormatter, type Value } from './formatter.js'
import { isCut, layOut } from './layout.js'
import { get_printoptions, type PrintOptions } from './options.js'

const cat = operator<(tensors: Tensor[], dim: number) => Tensor>('aten::cat')
const toDense = operator<(self: Tensor) => Tensor>('aten::to_dense')
const part = (name: string) => operator<(self: Tensor) => Tensor>(`aten::${name}`)

const prefix = 'tensor('
const indent = prefix.length

/** `tensor([[1., 2.]], dtype=torch.float64, grad_fn=<…>)`, character by character as Python prints it. */
export function printTensor(tensor: Tensor): string {
  if (native.isDisposed(tensor)) return 'Tensor(disposed)'
  const layout = native.layout(tensor)
  const suffixes: string[] = []
  if (tensor.device.type !== 'cpu') suffixes.push(`device='${tensor.device}'`)
  const body = layout.startsWith('sparse')
    ? sparseBody(tensor, layout, suffixes)
    : denseBody(tensor, suffixes)
  if (layout !== 'strided') suffixes.push(`layout=torch.${layout}`)
  const gradient = tensor.grad_fn
  if (gradient !== null) suffixes.push(`grad_fn=<${gradient.split('::').at(-1)}>`)
  else if (tensor.requires_grad) suffixes.push('requires_grad=True')
  return withSuffixes(prefix + body, suffixes, layout === 'sparse_coo')
}

const tuple = (sizes: readonly number[]) => (sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`)

const isComplex = (tensor: Tensor) => tensor.dtype === complex64 || tensor.dtype === complex128

function denseBody(tensor: Tensor, suffixes: string[]): string {
  const { dtype, shape } = tensor
  const options = get_printoptions()
  if (tensor.device.type === 'meta') {
    suffixes.push(`size=${tuple(shape)}`)
    if (dtype !== get_default_dtype()) suffixes.push(`dtype=${dtype}`)
    return '...'
  }
  if (tensor.numel() === 0) {
    if (shape.length !== 1) suffixes.push(`size=${tuple(shape)}`)
    // Without an element there is nothing to read the dtype from.
    if (dtype !== get_default_dtype()) suffixes.push(`dtype=${dtype}`)
    return '[]'
  }
  if (options.edgeitems === 0) suffixes.push(`size=${tuple(shape)}`)
  if (!isDefault(tensor)) suffixes.push(`dtype=${dtype}`)
  // oneDNN's blocked layouts are shown as what they stand for.
  return valuesText(native.layout(tensor) === 'strided' ? tensor : toDense(tensor), indent, options)
}

// What a reader would take the values for without being told.
function isDefault({ dtype }: Tensor): boolean {
  const real: DType = get_default_dtype()
  return [real, real === float64 ? complex128 : complex64, int64, bool].includes(dtype)
}

const compressedParts: Record<string, [string, string]> = {
  sparse_csr: ['crow_indices', 'col_indices'],
  sparse_bsr: ['crow_indices', 'col_indices'],
  sparse_csc: ['ccol_indices', 'row_indices'],
  sparse_bsc: ['ccol_indices', 'row_indices'],
}

function sparseBody(tensor: Tensor, layout: string, suffixes: string[]): string {
  suffixes.push(`size=${tuple(tensor.shape)}`)
  const [outer, inner] = compressedParts[layout] ?? []
  const named: [string, Tensor][] = []
  if (layout === 'sparse_coo') {
    named.push(['indices', part('_indices')(tensor)], ['values', part('_values')(tensor)])
  } else if (outer !== undefined && inner !== undefined) {
    for (const name of [outer, inner, 'values']) named.push([name, part(name)(tensor)])
  }
  const values = named.at(-1)?.[1]
  if (values === undefined) return '...'
  suffixes.push(`nnz=${layout === 'sparse_coo' ? values.shape[0] : named[1]?.[1].shape.at(-1)}`)
  if (!isDefault(tensor)) suffixes.push(`dtype=${tensor.dtype}`)
  const texts = named.map(([name, component]) => {
    const opening = `${name}=tensor(`
    const text = valuesText(component.detach(), indent + opening.length, get_printoptions())
    return `${opening}${text}${component.numel() === 0 ? `, size=${tuple(component.shape)}` : ''})`
  })
  return texts.join(`,\n${' '.repeat(indent)}`)
}

function valuesText(tensor: Tensor, column: number, options: PrintOptions): string {
  if (tensor.numel() === 0) return '[]'
  const summarize = tensor.numel() > options.threshold
  const visible = summarize ? visibleValues(tensor.detach(), options.edgeitems) : tensor.detach()
  const { width, texts } = isComplex(tensor) ? complexTexts(visible, options) : realTexts(visible, options)
  let next = 0
  const layout = { shape: tensor.shape, indent: column, summarize, width, options }
  return layOut(layout, () => texts[next++] as string)
}

// The corners that a summary shows, as one dense tensor.
function visibleValues(tensor: Tensor, edgeitems: number): Tensor {
  // cat knows no 8-bit floats.
  const copied = tensor.dtype.is_floating_point && tensor.dtype.itemsize === 1 ? tensor.to(float32) : tensor
  return tensor.shape.reduce<Tensor>((visible, size, dim) => {
    if (!isCut(size, true, edgeitems)) return visible
    return cat([visible.narrow(dim, 0, edgeitems), visible.narrow(dim, size - edgeitems, edgeitems)], dim)
  }, copied)
}

interface Texts {
  width: number
  texts: string[]
}

function realTexts(visible: Tensor, options: PrintOptions): Texts {
  const values = toNumbers(visible)
  const formatter = visible.dtype.is_floating_point
    ? floatFormatter(values as number[], options)
    : integerFormatter(values)
  return { width: formatter.width, texts: values.map((value) => formatter.format(value)) }
}

function complexTexts(visible: Tensor, options: PrintOptions): Texts {
  const numbers = Array.from(visible.toTypedArray() as ArrayLike<number>) // real and imaginary in turn
  const reals = numbers.filter((_, i) => i % 2 === 0)
  const imaginaries = numbers.filter((_, i) => i % 2 === 1)
  const real = floatFormatter(reals, options)
  const imaginary = floatFormatter(imaginaries, options)
  return {
    width: real.width + imaginary.width + 1,
    texts: reals.map((value, i) => real.format(value) + imaginaryText(imaginary, imaginaries[i] as Value)),
  }
}

function imaginaryText(formatter: Formatter, value: Value): string {
  const text = `${formatter.format(value).trimStart()}j`
  return text.startsWith('-') ? text : `+${text}`
}

function withSuffixes(text: string, suffixes: readonly string[], newLine: boolean): string {
  const { linewidth } = get_printoptions()
  let result = text
  let column = text.length - text.lastIndexOf('\n') + 1
  let broken = newLine
  for (const suffix of suffixes) {
    if (broken || column + suffix.length + 2 > linewidth) {
      result += `,\n${' '.repeat(indent)}${suffix}`
      column = indent + suffix.length
      broken = false
    } else {
      result += `, ${suffix}`
      column += suffix.length + 2
    }
  }
  return `${result})`
}
