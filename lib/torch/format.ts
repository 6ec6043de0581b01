/** How a tensor prints: after torch/_tensor_str.py, with PyTorch's default options. */

import { bool, float32, int64 } from './dtype.js'
import { native } from './native.js'
import { type Tensor, toNumbers } from './tensor.js'

const precision = 4
const threshold = 1000
const edgeItems = 3
const lineWidth = 80

type Value = number | bigint | boolean

/** `tensor([[1., 2.]], grad_fn=<…>)` */
export function formatTensor(tensor: Tensor): string {
  if (native.isDisposed(tensor)) return 'Tensor(disposed)'
  const { dtype, shape } = tensor
  if (dtype.name.startsWith('complex')) return `tensor(shape=[${shape}], dtype=${dtype})`
  const summarize = tensor.numel() > threshold
  const values = toNumbers(summarize ? visibleValues(tensor) : tensor)
  const suffix: string[] = []
  if (tensor.device.type !== 'cpu') suffix.push(`device='${tensor.device}'`)
  if (tensor.numel() === 0 && shape.length !== 1) suffix.push(`size=(${shape.join(', ')})`)
  const inferred = dtype === float32 || dtype === int64 || dtype === bool
  if (!inferred || (tensor.numel() === 0 && dtype !== float32)) suffix.push(`dtype=${dtype}`)
  const gradient = tensor.grad_fn
  if (gradient !== null) suffix.push(`grad_fn=<${gradient}>`)
  else if (tensor.requires_grad) suffix.push('requires_grad=True')
  const format = formatter(values, dtype.is_floating_point)
  let next = 0
  const body =
    tensor.numel() === 0 ? '[]' : formatNested(shape, 7, summarize, () => format(values[next++] as Value))
  return `tensor(${[body, ...suffix].join(', ')})`
}

// The corners that a summary shows, as one dense tensor.
function visibleValues(tensor: Tensor): Tensor {
  return tensor.shape.reduce<Tensor>((part, size, dim) => {
    if (size <= 2 * edgeItems) return part
    return native.operatorFunction('aten::cat')(
      ...([[part.narrow(dim, 0, edgeItems), part.narrow(dim, size - edgeItems, edgeItems)], dim] as never[]),
    ) as Tensor
  }, tensor.detach())
}

function formatter(values: readonly Value[], floating: boolean): (value: Value) => string {
  const texts = floating ? floatFormat(values as number[]) : String
  const width = Math.max(0, ...values.map((value) => texts(value).length))
  return (value) => texts(value).padStart(width)
}

function floatFormat(values: readonly number[]): (value: Value) => string {
  const finite = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs)
  const special = (value: Value) => (Number.isNaN(value) ? 'nan' : value === Infinity ? 'inf' : '-inf')
  const wrap = (format: (value: number) => string) => (value: Value) =>
    Number.isFinite(value) ? format(value as number) : special(value)
  const max = Math.max(...finite)
  const min = Math.min(...finite)
  const whole = finite.every(Number.isInteger)
  if (finite.length > 0 && (max / min > 1000 || max > 1e8 || (!whole && min < 1e-4))) {
    return wrap((value) => value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2'))
  }
  if (whole) return wrap((value) => `${Object.is(value, -0) ? '-0' : value}.`)
  return wrap((value) => (Object.is(value, -0) ? `-${(0).toFixed(precision)}` : value.toFixed(precision)))
}

function formatNested(
  shape: readonly number[],
  indent: number,
  summarize: boolean,
  next: () => string,
): string {
  const [size, ...rest] = shape
  if (size === undefined) return next()
  const cut = summarize && size > 2 * edgeItems
  const count = cut ? 2 * edgeItems : size
  const parts = Array.from({ length: count }, () => formatNested(rest, indent + 1, summarize, next))
  if (cut) parts.splice(edgeItems, 0, '...')
  if (rest.length > 0) return `[${parts.join(`,${'\n'.repeat(rest.length)}${' '.repeat(indent + 1)}`)}]`
  return `[${breakLines(parts, indent + 1)}]`
}

function breakLines(parts: readonly string[], indent: number): string {
  const width = Math.max(...parts.map((part) => part.length)) + 2
  const perLine = Math.max(1, Math.floor((lineWidth - indent) / width))
  const lines: string[] = []
  for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(', '))
  return lines.join(`,\n${' '.repeat(indent)}`)
}
