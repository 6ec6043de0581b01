import { describe, expect, it } from 'vitest'

import { ArgumentError, ShapeError, TorchError, torch } from '../../../../lib/index.js'

// Numbers from PyTorch 2.13; all samples of PyTorch's operator database are compared by `npm run op-parity`.
const a = torch.arange(6, { dtype: torch.float32 }).reshape(2, 3)
const b = torch.arange(12, { dtype: torch.float32 }).reshape(3, 4)

describe('functions that Python writes by hand', () => {
  it('contract', () => {
    const product = [[20, 23, 26, 29], [56, 68, 80, 92]] // biome-ignore format: one row a line
    expect(torch.einsum('ij,jk->ik', a, b).tolist()).toEqual(product)
    expect(torch.einsum('ij,jk->ik', [a, b]).tolist()).toEqual(product)
    expect(torch.einsum(a, [0, 1], b, [1, 2], [0, 2]).tolist()).toEqual(product)
    expect(torch.tensordot(a, b, 1).tolist()).toEqual(product)
    expect(torch.tensordot(a, a, { dims: [[0], [0]] }).tolist()).toEqual([
      [9, 12, 15],
      [12, 17, 22],
      [15, 22, 29],
    ])
    expect(() => torch.tensordot(a, b, 3)).toThrow(ArgumentError)
    expect(() => torch.einsum(a, [52])).toThrow(/52 is not in/)
  })

  it('tell numerical failures from wrong arguments', () => {
    expect(() => torch.linalg.inv(torch.zeros(2, 2))).toThrow(torch.linalg.LinAlgError)
    expect(() => torch.linalg.cholesky(torch.eye(2).neg())).toThrow(/not positive-definite/)
    expect(() => torch.linalg.inv(torch.zeros(2, 3))).toThrow(TorchError)
  })

  it('find distinct values', () => {
    const x = torch.tensor([3, 1, 3, 2])
    expect(torch.unique(x).tolist()).toEqual([1, 2, 3])
    const [, inverse, counts] = torch.unique(x, { return_inverse: true, return_counts: true })
    expect([inverse.tolist(), counts.tolist()]).toEqual([
      [2, 0, 2, 1],
      [1, 1, 2],
    ])
    expect(torch.unique_consecutive(torch.tensor([1, 1, 2, 1])).tolist()).toEqual([1, 2, 1])
  })

  it('reduce and measure', () => {
    expect(a.norm(1, 0).tolist()).toEqual([3, 5, 7])
    expect(torch.norm(a).item()).toBeCloseTo(7.416198253631592, 6)
    expect(torch.norm(a, { p: 'nuc' }).item()).toBeCloseTo(8.348468780517578, 5)
    expect(torch.cdist(torch.tensor([[0, 0.0]]).float(), torch.tensor([[3, 4]]).float()).item()).toBe(5)
    expect(
      torch.linalg
        .det(
          torch
            .tensor([
              [1, 2],
              [3, 4],
            ])
            .float(),
        )
        .item(),
    ).toBeCloseTo(-2, 5)
    expect(torch.special.entr(torch.tensor(0.5)).item()).toBeCloseTo(0.3465735912322998, 7)
    expect(torch.view_as_real(torch.fft.rfft(torch.tensor([1, 2, 3, 4]).float())).tolist()).toEqual([
      [10, 0],
      [-2, 2],
      [-2, 0],
    ])
  })

  it('arrange', () => {
    const [x, y] = torch.meshgrid(torch.arange(2), torch.arange(3), { indexing: 'xy' })
    expect([x?.tolist(), y?.tolist()]).toEqual([
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
    ])
    expect(torch.unravel_index(torch.tensor([5, 1]), [2, 3]).map((t) => t.tolist())).toEqual([
      [1, 0],
      [2, 1],
    ])
    expect(torch.broadcast_shapes([3, 1], [4], 1)).toEqual([3, 4])
    expect(() => torch.broadcast_shapes([3], [4])).toThrow(ShapeError)
    expect(a.split([1, 2], { dim: 1 }).map((part) => part.shape)).toEqual([
      [2, 1],
      [2, 2],
    ])
    expect(a.T.shape).toEqual([3, 2])
    expect(a.long().dtype).toBe(torch.int64)
    expect(torch.result_type(torch.tensor(1), 1.5)).toBe(torch.float32)
  })

  it('resize and pool', () => {
    const F = torch.nn.functional
    const line = torch.arange(4, { dtype: torch.float32 }).reshape(1, 1, 4)
    expect(F.interpolate(line, { scale_factor: 2, mode: 'linear' }).tolist()).toEqual([
      [[0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3]],
    ])
    expect(() => F.interpolate(line, { size: 3, mode: 'bilinear' })).toThrow(ShapeError)
    const [values, indices] = F.max_pool1d(torch.tensor([[1, 5, 2, 4]]).float(), 2, { return_indices: true })
    expect([values.tolist(), indices.tolist()]).toEqual([[[5, 4]], [[1, 3]]])
  })
})

describe('arguments as in Python', () => {
  it('take numbers where Python does', () => {
    expect(torch.add(2 as never, a).tolist()).toEqual(a.add(2).tolist())
    expect(
      torch
        .cumsum(a, torch.tensor(0) as never)
        .at(-1)
        .tolist(),
    ).toEqual([3, 5, 7])
    expect(Object.is(torch.full([], -0, { dtype: torch.float32 }).item(), -0)).toBe(true)
    expect(
      torch
        .view_as_real(a.add({ re: 0, im: 1 } as never))
        .at(0, 0)
        .tolist(),
    ).toEqual([0, 1])
  })

  it('refuse what is given twice, which a shorter signature would have ignored', () => {
    const x = torch.tensor([1, 2])
    expect(torch.repeat_interleave(x, { repeats: 2 } as never).tolist()).toEqual([1, 1, 2, 2])
    expect(() => torch.relu(x, { input: x } as never)).toThrow(ArgumentError)
  })

  it('write into out, several results too', () => {
    const values = torch.empty(2)
    const indices = torch.empty([2], { dtype: torch.int64 })
    torch.max(a, 1, { out: [values, indices] } as never)
    expect([values.tolist(), indices.tolist()]).toEqual([
      [2, 5],
      [2, 2],
    ])
  })
})
