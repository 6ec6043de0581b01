/** How a tensor prints: after torch/_tensor_str.py, with PyTorch's default options. */

import { bool, complex64, float32, int64 } from './dtype.js'
import { native } from './native.js'
import { operator } from './operators.js'
import { type Tensor, toNumbers } from './tensor.js'

const precision = 4
const threshold = 1000
const edgeItems = 3
const lineWidth = 80
const prefix = 'tensor('

type Value = number | bigint | boolean

/** Formats one column of values; `width` decides how many fit into a line. */
interface Formatter {
  readonly width: number
  format(value: Value): string
}

const cat = operator<(tensors: Tensor[], dim: number) => Tensor>('aten::cat')
const viewAsReal = operator<(tensor: Tensor) => Tensor>('aten::view_as_real')
const toDense = operator<(tensor: Tensor) => Tensor>('aten::to_dense')

/** `tensor([[1., 2.]], grad_fn=<…>)` */
export function formatTensor(tensor: Tensor): string {
  if (native.isDisposed(tensor)) return 'Tensor(disposed)'
  const { dtype, shape, device } = tensor
  const layout = native.layout(tensor)
  const isEmpty = tensor.numel() === 0
  const isMeta = device.type === 'meta'
  const suffixes: string[] = []
  if (device.type !== 'cpu') suffixes.push(`device='${device}'`)
  if (isMeta || (isEmpty && shape.length !== 1)) suffixes.push(`size=${tuple(shape)}`)
  // Where no element shows it, even int64 and bool must be named.
  const inferred = isEmpty || isMeta ? [float32] : [float32, complex64, int64, bool]
  if (!inferred.includes(dtype)) suffixes.push(`dtype=${dtype}`)
  if (layout !== 'strided') suffixes.push(`layout=torch.${layout}`)
  const gradient = tensor.grad_fn
  if (gradient !== null) suffixes.push(`grad_fn=<${gradient}>`)
  else if (tensor.requires_grad) suffixes.push('requires_grad=True')
  const body = isMeta
    ? '...'
    : isEmpty
      ? '[]'
      : formatValues(layout === 'strided' ? tensor.detach() : toDense(tensor.detach()))
  return appendSuffixes(prefix + body, suffixes)
}

const tuple = (sizes: readonly number[]) => `(${sizes.join(', ')}${sizes.length === 1 ? ',' : ''})`

function appendSuffixes(text: string, suffixes: readonly string[]): string {
  let last = text.length - text.lastIndexOf('\n') + 1
  let out = text
  for (const suffix of suffixes) {
    const fits = last + suffix.length + 2 <= lineWidth
    out += fits ? `, ${suffix}` : `,\n${' '.repeat(prefix.length)}${suffix}`
    last = fits ? last + suffix.length + 2 : prefix.length + suffix.length
  }
  return `${out})`
}

function formatValues(tensor: Tensor): string {
  const { dtype, shape } = tensor
  const summarize = tensor.numel() > threshold
  const shown = summarize ? visibleValues(tensor) : tensor
  const complex = dtype.name.startsWith('complex')
  const values = toNumbers(complex ? viewAsReal(shown) : shown)
  let position = 0
  if (!complex) {
    const formatter = dtype.is_floating_point ? floatFormatter(values as number[]) : plainFormatter(values)
    const next = () => formatter.format(values[position++] as Value)
    return formatNested(shape, prefix.length, summarize, formatter.width, next)
  }
  const real = floatFormatter(values.filter((_, i) => i % 2 === 0) as number[])
  const imaginary = floatFormatter(values.filter((_, i) => i % 2 === 1) as number[])
  const next = () => {
    const text = `${imaginary.format(values[position + 1] as Value)}j`.trimStart()
    const joined = `${real.format(values[position] as Value)}${text.startsWith('-') ? '' : '+'}${text}`
    position += 2
    return joined
  }
  return formatNested(shape, prefix.length, summarize, real.width + imaginary.width + 1, next)
}

// The corners that a summary shows, as one dense tensor.
function visibleValues(tensor: Tensor): Tensor {
  return tensor.shape.reduce<Tensor>((part, size, dim) => {
    if (size <= 2 * edgeItems) return part
    return cat([part.narrow(dim, 0, edgeItems), part.narrow(dim, size - edgeItems, edgeItems)], dim)
  }, tensor)
}

function padded(width: number, format: (value: Value) => string): Formatter {
  return { width, format: (value) => format(value).padStart(width) }
}

function plainFormatter(values: readonly Value[]): Formatter {
  const text = (value: Value) => (typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value))
  return padded(Math.max(1, ...values.map((value) => text(value).length)), text)
}

function floatFormatter(values: readonly number[]): Formatter {
  // As in PyTorch, zeros and what is not finite do not widen the column.
  const measured = values.filter((value) => Number.isFinite(value) && value !== 0)
  const magnitudes = measured.map(Math.abs)
  const max = Math.max(...magnitudes)
  const min = Math.min(...magnitudes)
  const whole = measured.every(Number.isInteger)
  const scientific = measured.length > 0 && (max / min > 1000 || max > 1e8 || (!whole && min < 1e-4))
  const finite = scientific ? exponential : whole ? withPoint : fixed
  const text = (value: Value) => {
    if (Number.isFinite(value)) return finite(value as number)
    return Number.isNaN(value) ? 'nan' : value === Infinity ? 'inf' : '-inf'
  }
  return padded(Math.max(1, ...measured.map((value) => text(value).length)), text)
}

const sign = (value: number) => (Object.is(value, -0) ? '-' : '')
const withPoint = (value: number) => `${sign(value)}${value}.`
const fixed = (value: number) => sign(value) + halfToEven(value.toFixed(precision), value.toFixed(100))
const exponential = (value: number) =>
  sign(value) +
  halfToEven(value.toExponential(precision), value.toExponential(100)).replace(/e([+-])(\d)$/, 'e$10$2')

/** Python rounds a decimal tie to the even digit, JavaScript away from zero; `exact` has 100 digits. */
function halfToEven(rounded: string, exact: string): string {
  const end = exact.indexOf('.') + 1 + precision
  const isTie = /^50*(e|$)/.test(exact.slice(end))
  if (!isTie || Number(exact[end - 1]) % 2 === 1) return rounded
  return exact.slice(0, end) + (/e.*$/.exec(exact)?.[0] ?? '')
}

function formatNested(
  shape: readonly number[],
  indent: number,
  summarize: boolean,
  width: number,
  next: () => string,
): string {
  const [size, ...rest] = shape
  if (size === undefined) return next()
  const cut = summarize && size > 2 * edgeItems
  const count = cut ? 2 * edgeItems : size
  const parts = Array.from({ length: count }, () => formatNested(rest, indent + 1, summarize, width, next))
  if (cut) parts.splice(edgeItems, 0, rest.length > 0 ? '...' : ' ...')
  if (rest.length > 0) return `[${parts.join(`,${'\n'.repeat(rest.length)}${' '.repeat(indent + 1)}`)}]`
  return `[${breakLines(parts, indent, width)}]`
}

function breakLines(parts: readonly string[], indent: number, width: number): string {
  const perLine = Math.max(1, Math.floor((lineWidth - indent) / (width + 2)))
  const lines: string[] = []
  for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(', '))
  return lines.join(`,\n${' '.repeat(indent + 1)}`)
}
