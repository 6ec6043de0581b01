/** torch.testing.assert_close */

import { ArgumentError, RobertorchError } from '../../errors.js'
import { dtypeOf, type TypedArray, tensor } from '../creation.js'
import { float64, int64 } from '../dtype.js'
import { native } from '../native.js'
import { named } from '../nn/arguments.js'
import { pythonBool } from '../nn/python-repr.js'
import type { Tensor } from '../tensor.js'
import { Failure, type Path } from './failure.js'
import { scalarMismatch } from './mismatch.js'
import { distance, equals, isNaNScalar, magnitude, printScalar, type Scalar } from './scalar.js'
import { compareTensors } from './tensor-pair.js'
import { type Tolerances, tolerancesOf } from './tolerances.js'

export interface CompareOptions {
  /** Relative tolerance; goes with `atol`. Defaults by dtype: float32 1.3e-6, float64 1e-7, float16 1e-3, bfloat16 1.6e-2. */
  rtol?: number
  /** Absolute tolerance; goes with `rtol`. Defaults by dtype: 1e-5, float64 1e-7, whole numbers 0. */
  atol?: number
  /** Two NaN are equal; default false. */
  equal_nan?: boolean
  /** Default true. Without it, tensors of different devices are compared on the CPU. */
  check_device?: boolean
  /** Default true. Without it, both are promoted to a common dtype. */
  check_dtype?: boolean
  /** Default true. Without it, both are compared dense. */
  check_layout?: boolean
  /** Default false. */
  check_stride?: boolean
  /** Another text, or a function that makes it from the usual one. */
  msg?: string | ((generated: string) => string)
}

const keywords = [
  'rtol',
  'atol',
  'equal_nan',
  'check_device',
  'check_dtype',
  'check_layout',
  'check_stride',
  'msg',
] as const

/**
 * torch.testing.assert_close: `|actual - expected| <= atol + rtol * |expected|` for every element, and the same shape,
 * dtype, device and layout. Takes tensors, typed arrays, numbers (Python's floats), bigints (its ints), booleans, null,
 * and arrays, Maps and plain objects of these, compared recursively. The text of the error is Python's.
 *
 * @throws AssertionError for values that are not close, ArgumentError for values that cannot be compared.
 */
export function assert_close(actual: unknown, expected: unknown, options: CompareOptions = {}): void {
  named<CompareOptions>('assert_close()', [options], [], keywords)
  // All pairs first: what cannot be compared at all is reported before what differs.
  const pairs = reported(() => pairsOf(actual, expected, options, []))
  reported(() => {
    for (const compare of pairs) compare()
  }, options.msg)
}

function reported<T>(work: () => T, msg?: CompareOptions['msg']): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof Failure ? error.toError(msg) : error
  }
}

type Compare = () => void

function pairsOf(actual: unknown, expected: unknown, options: CompareOptions, path: Path): Compare[] {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) {
      const lengths = `${actual.length} != ${expected.length}`
      throw new Failure(`The length of the sequences mismatch: ${lengths}`, path)
    }
    return actual.flatMap((value, i) => pairsOf(value, expected[i], options, [...path, i]))
  }
  const [ours, theirs] = [entriesOf(actual), entriesOf(expected)]
  if (ours && theirs) return mappingPairs(ours, theirs, options, path)
  return [pairOf(actual, expected, options, path)]
}

function entriesOf(value: unknown): Map<string, unknown> | null {
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [String(key), item]))
  const isPlain =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? new Map(Object.entries(value)) : null
}

function mappingPairs(
  actual: Map<string, unknown>,
  expected: Map<string, unknown>,
  options: CompareOptions,
  path: Path,
): Compare[] {
  const lacking = (keys: Map<string, unknown>, other: Map<string, unknown>) =>
    [...keys.keys()].filter((key) => !other.has(key)).sort()
  const [missing, additional] = [lacking(expected, actual), lacking(actual, expected)]
  if (missing.length + additional.length > 0) {
    const list = (keys: string[]) => `[${keys.map((key) => `'${key}'`).join(', ')}]`
    throw new Failure(
      `The keys of the mappings do not match:\nMissing keys in the actual mapping: ${list(missing)}\nAdditional keys in the actual mapping: ${list(additional)}`,
      path,
    )
  }
  return [...actual.keys()]
    .sort()
    .flatMap((key) => pairsOf(actual.get(key), expected.get(key), options, [...path, key]))
}

function pairOf(actual: unknown, expected: unknown, options: CompareOptions, path: Path): Compare {
  const fail = (message: string) => {
    throw new Failure(message, path)
  }
  if (isNone(actual) || isNone(expected)) {
    return () => {
      if (isNone(actual) && isNone(expected)) return
      fail(`None mismatch: ${print(actual)} is not ${print(expected)}`)
    }
  }
  if (typeof actual === 'boolean' && typeof expected === 'boolean') {
    return () => {
      if (actual !== expected) fail(`Booleans mismatch: ${pythonBool(actual)} is not ${pythonBool(expected)}`)
    }
  }
  if (isNumber(actual) && isNumber(expected)) {
    const dtypes = [actual, expected].map((value) => (typeof value === 'bigint' ? int64 : float64))
    const tolerances = pairTolerances(dtypes, options, path)
    return () => compareNumbers(actual, expected, tolerances, options, fail)
  }
  const tensors = tensorPair(actual, expected)
  if (!tensors) {
    throw new Failure(
      `No comparison pair was able to handle inputs of type ${typeName(actual)} and ${typeName(expected)}.`,
      path,
      ArgumentError,
    )
  }
  const tolerances = pairTolerances(
    tensors.map(({ dtype }) => dtype),
    options,
    path,
  )
  return () => compareTensors(...tensors, tolerances, options, path)
}

function pairTolerances(dtypes: Parameters<typeof tolerancesOf>[0], options: CompareOptions, path: Path) {
  try {
    return tolerancesOf(dtypes, options)
  } catch (error) {
    throw error instanceof RobertorchError ? new Failure(error.message, path, ArgumentError) : error
  }
}

function compareNumbers(
  actual: number | bigint,
  expected: number | bigint,
  tolerances: Tolerances,
  { check_dtype = true, equal_nan = false }: CompareOptions,
  fail: (message: string) => void,
): void {
  if (check_dtype && typeof actual !== typeof expected) {
    const [ours, theirs] = [actual, expected].map((value) => (typeof value === 'bigint' ? 'int' : 'float'))
    fail(`The (d)types do not match: <class '${ours}'> != <class '${theirs}'>.`)
  }
  if (equals(actual, expected)) return
  if (equal_nan && isNaNScalar(actual) && isNaNScalar(expected)) return
  const difference = Number(distance(actual, expected))
  const allowed = tolerances.atol + tolerances.rtol * magnitude(expected)
  if (Number.isFinite(difference) && difference <= allowed) return
  fail(scalarMismatch(actual, expected, tolerances))
}

function tensorPair(actual: unknown, expected: unknown): [Tensor, Tensor] | null {
  if (native.isTensor(actual) && native.isTensor(expected)) return [actual as Tensor, expected as Tensor]
  const dtypes = [dtypeOf(actual), dtypeOf(expected)]
  if (dtypes.includes(undefined)) return null
  return [tensor(actual as TypedArray), tensor(expected as TypedArray)]
}

const isNone = (value: unknown): value is null | undefined => value === null || value === undefined
const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'
const typeName = (value: unknown) =>
  typeof value === 'object' && value !== null ? value.constructor.name : typeof value
const isScalar = (value: unknown): value is Scalar => isNumber(value) || typeof value === 'boolean'
const print = (value: unknown) =>
  isNone(value) ? 'None' : isScalar(value) ? printScalar(value) : String(value)
