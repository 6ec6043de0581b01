import { describe, expect, it } from 'vitest'

import { type Tensor, torch } from '../../../../lib/index.js'

const A = torch.arange(20, { dtype: 'float32' }).reshape([5, 4]).sin()
const close = (found: Tensor, expected: number[]) => {
  for (const [i, value] of expected.entries()) expect((found.tolist() as number[])[i]).toBeCloseTo(value, 5)
}

// Numbers of PyTorch 2.13 for the same seeds.
describe('torch.svd_lowrank', () => {
  it('draws what Python draws', () => {
    torch.manual_seed(1)
    const [U, S, V] = torch.svd_lowrank(A, { q: 3, niter: 1 })
    expect([U.shape, S.shape, V.shape]).toEqual([[5, 3], [3], [4, 3]])
    close(S, [2.2182955741882324, 2.131389856338501, 0])
    close(U.at(0).narrow(0, 0, 2), [-0.4338928163051605, 0.371924489736557])
    close(V.at(0).narrow(0, 0, 2), [-0.4067736268043518, -0.49389785528182983])
  })

  it('takes off M, also from a wide matrix', () => {
    torch.manual_seed(1)
    const [U, S, V] = torch.svd_lowrank(A.mT, 2, 2, torch.ones([4, 5]))
    expect([U.shape, V.shape]).toEqual([
      [4, 2],
      [5, 2],
    ])
    close(S, [4.804641246795654, 2.1093339920043945])
    close(U.at(0), [0.5088987350463867, 0.6020533442497253])
  })
})

describe('torch.pca_lowrank', () => {
  it('centres the rows', () => {
    torch.manual_seed(1)
    const [, S, V] = torch.pca_lowrank(A, { q: 2 })
    close(S, [2.210688591003418, 2.0979769229888916])
    close(V.at(0), [0.32192322611808777, -0.552960216999054])
  })

  it('refuses more components than there are', () => {
    expect(() => torch.pca_lowrank(A, 5)).toThrow(/must lie in 0\.\.4/)
    expect(() => torch.pca_lowrank(A, { niter: -1 })).toThrow(/must not be negative/)
    expect(() => torch.pca_lowrank(A.to_sparse())).toThrow(/dense/)
  })
})
