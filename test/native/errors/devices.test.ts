import { describe, expect, it } from 'vitest'

import {
  DeviceError,
  OutOfMemoryError,
  RobertaConfig,
  RobertaModel,
  ShapeError,
  torch,
} from '../../../lib/index.js'

const works = () => expect(torch.ones([2]).add(1).tolist()).toEqual([2, 2])

describe.skipIf(torch.cuda.is_available())('a device that is not there', () => {
  it.each<[string, () => unknown]>([
    ['to', () => torch.ones([1]).to('cuda')],
    ['cuda()', () => torch.ones([1]).cuda()],
    ['an index', () => torch.ones([1]).to('cuda:7')],
    ['creation', () => torch.zeros([1], { device: 'cuda' })],
    ['torch.tensor', () => torch.tensor([1], { device: torch.device('cuda', 0) })],
    [
      'a model',
      () =>
        new RobertaModel(
          new RobertaConfig({ hidden_size: 12, intermediate_size: 8, num_hidden_layers: 1 }),
        ).to('cuda'),
    ],
  ])('in %s', (_, use) => {
    expect(use).toThrow(DeviceError)
    expect(use).toThrow(/cuda/i)
    expect(use).toThrow(/hint: torch\.cuda\.is_available\(\) is false here: `npx robertorch doctor` says why/)
    works()
  })

  it('leaves a model where it was', () => {
    const model = new RobertaModel(
      new RobertaConfig({ hidden_size: 12, intermediate_size: 8, num_hidden_layers: 1 }),
    )
    expect(() => model.to('cuda')).toThrow(DeviceError)
    expect(String(model.device)).toBe('cpu')
    expect(model({ input_ids: torch.tensor([[0, 2]]) }).last_hidden_state.shape).toEqual([1, 2, 12])
  })
})

describe('devices', () => {
  it.each(['gpu 0', '', 'cuda:', 'cuda:x', 'cuda:99999', 'CPU'])("'%s' is none", (name) => {
    expect(() => torch.device(name)).toThrow(DeviceError)
    expect(() => torch.device(name)).toThrow(`'${name}' is no device`)
  })

  it('a meta tensor has no values', () => {
    const x = torch.empty([2], { device: 'meta' })
    expect(() => x.tolist()).toThrow(/meta tensor; no data/)
    expect(() => x.sum().item()).toThrow()
    expect(String(x)).toBe("tensor(..., device='meta', size=(2,))")
    works()
  })
})

describe('memory that is not there', () => {
  it.each([[2 ** 40], [1e14], [1e18]])('%d elements', (elements) => {
    expect(() => torch.empty([elements])).toThrow(OutOfMemoryError)
    expect(() => torch.empty([elements])).toThrow(/hint: use a smaller batch/)
    works()
  })

  it('sizes that are negative or overflow', () => {
    expect(() => torch.empty([-1])).toThrow(ShapeError)
    expect(() => torch.empty([2 ** 40, 2 ** 40])).toThrow(OutOfMemoryError)
    works()
  })
})
