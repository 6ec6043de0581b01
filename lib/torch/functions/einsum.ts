/** torch.einsum */

import { ArgumentError } from '../../errors.js'
import { operator } from '../operators.js'
import type { Tensor } from '../tensor.js'

const contract = operator<(equation: string, operands: readonly Tensor[]) => Tensor>('aten::einsum')

/** Subscripts of one operand in the list form: 0…51 name dimensions, `'...'` stands for the others. */
export type Sublist = readonly (number | '...')[]

/**
 * torch.einsum: `einsum('bij,bjk->bik', a, b)`, `einsum('ij->ji', [a])`, or with lists of subscripts
 * `einsum(a, [0, 1], b, [1, 2], [0, 2])`. Operands are contracted from left to right.
 *
 * @throws ArgumentError for a subscript beyond 51, ShapeError for sizes that do not fit.
 */
export function einsum(equation: string, operands: readonly Tensor[]): Tensor
export function einsum(equation: string, ...operands: Tensor[]): Tensor
export function einsum(...operandsAndSublists: (Tensor | Sublist)[]): Tensor
export function einsum(...args: unknown[]): Tensor {
  if (typeof args[0] !== 'string') return bySublists(args)
  const [equation, ...operands] = args
  return contract(equation, (Array.isArray(operands[0]) ? operands[0] : operands) as Tensor[])
}

function bySublists(args: readonly unknown[]): Tensor {
  if (args.length < 2) {
    throw new ArgumentError(
      'einsum takes an equation and at least one operand, or operands and their subscripts',
    )
  }
  const output = args.length % 2 === 1 ? `->${subscripts(args.at(-1))}` : ''
  const pairs = args.slice(0, args.length - (args.length % 2))
  const inputs = pairs.filter((_, i) => i % 2 === 1).map(subscripts)
  return contract(inputs.join(',') + output, pairs.filter((_, i) => i % 2 === 0) as Tensor[])
}

function subscripts(list: unknown): string {
  if (!Array.isArray(list)) throw new ArgumentError('einsum takes a list of subscripts after each operand')
  return list.map(letter).join('')
}

function letter(subscript: unknown): string {
  if (subscript === '...') return subscript
  if (Number.isInteger(subscript) && Number(subscript) >= 0 && Number(subscript) < 52) {
    const position = Number(subscript)
    return String.fromCharCode(position < 26 ? 65 + position : 97 + position - 26)
  }
  throw new ArgumentError(`einsum: subscript ${String(subscript)} is not in [0, 52)`)
}
