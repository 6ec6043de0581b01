/**
 * Writes lib/torch/generated: the types of all operators, from the schemas that the LibTorch in use registers.
 * Run by `npm run build`; the output is not edited by hand and not kept in git.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { OperatorSchema } from '../../lib/native/addon.js'
import { native } from '../../lib/native/index.js'
import { handwrittenTensorMethods } from '../../lib/torch/functions/methods.js'
import { namespaceNames } from '../../lib/torch/functions/namespace.js'
import { handwrittenFunctions } from '../../lib/torch/index.js'
import { functionNames, methodNames } from '../../lib/torch/operators.js'
import { handwrittenMethods } from '../../lib/torch/tensor.js'
import type { PythonNames } from '../names/table.js'

type Parameter = OperatorSchema['parameters'][number]

const folder = fileURLToPath(new URL('../../lib/torch/generated', import.meta.url))

const scalarTypes: Record<string, string> = {
  Tensor: 'Tensor',
  'list of Tensors': 'readonly Tensor[]',
  'list of Tensors or null': 'readonly (Tensor | null)[]',
  int: 'Int',
  number: 'Scalar',
  boolean: 'boolean',
  'list of numbers': 'readonly Scalar[]',
  'list of booleans': 'readonly boolean[]',
  string: 'string',
  device: 'DeviceLike',
  dtype: 'DTypeLike',
  layout: 'string',
  'memory format': 'string',
  Generator: 'Generator',
}

function parameterType(parameter: Parameter): string {
  const base = parameter.optional ? parameter.type.replace(/ or null$/, '') : parameter.type
  const list = parameter.fixedLength > 0 ? 'Int | readonly Int[]' : 'readonly Int[]'
  const type = base === 'list of ints' ? list : scalarTypes[base]
  if (type === undefined) throw new Error(`no TypeScript type for '${parameter.type}'`)
  return parameter.optional ? `${type} | null` : type
}

function returnType({ returns }: OperatorSchema): string {
  const types = returns.map(({ type }) => {
    if (type.startsWith('Tensor[]')) return 'Tensor[]'
    if (type.startsWith('Tensor')) return 'Tensor'
    if (/^(int|float|Scalar|number|SymInt)\??$/.test(type)) return 'number'
    if (/^bool\??$/.test(type)) return 'boolean'
    return 'unknown'
  })
  if (types.length === 0) return 'void'
  if (types.length === 1) return types[0] as string
  const named = returns.map(({ name }, i) => (name ? `readonly ${name}: ${types[i]}` : '')).filter(Boolean)
  const list = `[${types.join(', ')}]`
  if (named.length === 0) return list
  const hidden = returns.map(({ name }) => name).filter((name) => name in Array.prototype)
  return `${hidden.length ? `Without<${list}, '${hidden.join("' | '")}'>` : list} & { ${named.join('; ')} }`
}

// As in Python, `out` takes a tensor, or a list where there are several results.
const outType = (outs: readonly Parameter[]): string => {
  const types = outs.map((parameter) => parameterType(parameter))
  return types.length === 1 ? (types[0] as string) : `readonly [${types.join(', ')}]`
}

// As in Python, a positional parameter may also be given by keyword: one signature for each number given by position.
function signatures(name: string, schema: OperatorSchema, method: boolean): string[] {
  const parameters = method ? schema.parameters.slice(1) : schema.parameters
  const positional = parameters.filter((parameter) => !parameter.keywordOnly)
  const lines: string[] = []
  for (let count = 0; count <= positional.length; count++) {
    const given = positional.slice(0, count)
    // Tensors stand in front in every call one sees; signatures without them would only be noise.
    if (
      positional.slice(count).some((parameter) => parameter.required && parameter.type.startsWith('Tensor'))
    )
      continue
    const rest = parameters.filter((parameter) => !given.includes(parameter) && !parameter.out)
    const ordered = given.map((parameter) => `${safe(parameter.name)}: ${parameterType(parameter)}`)
    const outs = parameters.filter((parameter) => parameter.out)
    if (rest.length > 0 || outs.length > 0) {
      const fields = rest.map((p) => `${safe(p.name)}${p.required ? '' : '?'}: ${parameterType(p)}`)
      if (outs.length > 0) fields.push(`out: ${outType(outs)}`)
      // Python's parser adds it to whatever makes a tensor from nothing.
      if (parameters.some((parameter) => parameter.name === 'pin_memory'))
        fields.push('requires_grad?: boolean')
      const needed = outs.length > 0 || rest.some((parameter) => parameter.required)
      ordered.push(`options${needed ? '' : '?'}: { ${fields.join('; ')} }`)
    }
    lines.push(`  ${name}(${ordered.join(', ')}): ${returnType(schema)}`)
    const [only] = positional
    if (count === 1 && positional.length === 1 && only?.type === 'list of ints') {
      lines.push(`  ${name}(...${safe(only.name)}: Int[]): ${returnType(schema)}`)
    }
  }
  return lines
}

const reserved = new Set(['self', 'other', 'in', 'default', 'function', 'var', 'new', 'this'])
const safe = (name: string) => (reserved.has(name) && name !== 'self' && name !== 'other' ? `${name}_` : name)

interface Members {
  title: string
  names: readonly string[]
  /** Names that are written by hand. */
  skip?: ReadonlySet<string>
  /** Methods of Tensor: the first parameter is the tensor itself. */
  method?: boolean
  /** What the operators' names begin with. */
  prefix?: string
  /** Where PyTorch documents a name. */
  page(name: string): string
}

function interfaceOf({ title, names, skip = new Set(), method = false, prefix = '', page }: Members): string {
  const members: string[] = []
  for (const name of names) {
    if (skip.has(name)) continue
    const schemas = native
      .operatorSchemas(`aten::${prefix}${name}`)
      .filter((schema) => usable(schema, method))
    const lines = [...new Set(schemas.flatMap((schema) => signatures(name, schema, method)))]
    if (lines.length === 0) continue
    members.push(`  /** https://docs.pytorch.org/docs/2.13/${page(name)} */`, ...lines)
  }
  return `export interface ${title} {\n${members.join('\n')}\n}\n`
}

function usable(schema: OperatorSchema, method: boolean): boolean {
  if (schema.parameters.some((parameter) => parameter.unsupported && parameter.required)) return false
  if (schema.parameters.some((parameter) => parameter.unsupported || (method && parameter.out))) return false
  const [first] = schema.parameters
  return !method || (first?.name === 'self' && first.type === 'Tensor')
}

const header = `// Made by scripts/generate/operators.ts from LibTorch ${native.runtimeInfo().compiledTorchVersion}. Not edited by hand.

import type { DeviceLike } from '../device.js'
import type { DTypeLike } from '../dtype.js'
import type { Generator } from '../random.js'
import type { Tensor } from '../tensor.js'

type Int = number | bigint
type Scalar = number | bigint | boolean
/** A list whose method is hidden by a result of its name: \`torch.max(x, 1).values\`. */
type Without<List, Name extends keyof List> = Omit<List, Name>

`

const write = (file: string, ...interfaces: string[]) =>
  writeFileSync(`${folder}/${file}`, header + interfaces.join('\n'))

const python: PythonNames = JSON.parse(
  readFileSync(new URL('../../test/fixtures/names/pytorch.json', import.meta.url), 'utf8'),
)
/** The page of the first of these namespaces that has the name; else the one where the search begins. */
function pageOf(name: string, ...paths: string[]): string {
  const path = paths.find((candidate) => python.namespaces[candidate]?.includes(name))
  return path === undefined ? `search.html?q=${name}` : `generated/${path}.${name}.html`
}

mkdirSync(folder, { recursive: true })
write(
  'tensor-operators.ts',
  interfaceOf({
    title: 'TensorOperators',
    names: methodNames(),
    skip: new Set([...handwrittenMethods, ...handwrittenTensorMethods]),
    method: true,
    page: (name) => pageOf(name, 'torch.Tensor'),
  }),
)
write(
  'torch-functions.ts',
  interfaceOf({
    title: 'TorchFunctions',
    names: functionNames(),
    skip: handwrittenFunctions,
    page: (name) => pageOf(name, 'torch', 'torch.nn.functional'),
  }),
)
const namespace = (title: string, prefix: string, page: (name: string) => string) =>
  interfaceOf({ title, names: namespaceNames(prefix), prefix, page })
write(
  'namespaces.ts',
  namespace('LinalgFunctions', 'linalg_', (name) => `generated/torch.linalg.${name}.html`),
  namespace('SpecialFunctions', 'special_', (name) => `special.html#torch.special.${name}`),
  namespace('FftFunctions', 'fft_', (name) => `generated/torch.fft.${name}.html`),
)
