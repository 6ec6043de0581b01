import { describe, expect, it } from 'vitest'

import { ArgumentError, CheckpointError, ShapeError, type Tensor, torch } from '../../../../lib/index.js'

const { nn } = torch
const { parametrizations, parametrize, prune, rnn } = nn.utils
const linear = () => new nn.Linear(4, 2)

describe('parametrizations', () => {
  it('keep the parameter that an optimizer has', () => {
    const module = linear()
    const { weight } = module
    const optimizer = new torch.optim.SGD(module.parameters(), { lr: 0.1 })
    parametrizations.spectral_norm(module)
    expect(module.get_parameter('parametrizations.weight.original') === weight).toBe(true)
    const before = weight.detach().clone()
    module(torch.ones([1, 4]))
      .sum()
      .backward()
    optimizer.step()
    expect(torch.equal(weight, before)).toBe(false)
    parametrize.remove_parametrizations(module, 'weight')
    expect(module.weight === weight).toBe(true)
    expect(Object.getPrototypeOf(module) === nn.Linear.prototype).toBe(true)
  })

  it('load states of the older weight norm', () => {
    const [old, module] = [nn.utils.weight_norm(linear()), parametrizations.weight_norm(linear())]
    module.load_state_dict(old.state_dict())
    const x = torch.ones([1, 4])
    expect(torch.equal(module(x), old(x))).toBe(true)
  })

  it('refuse changes of kind, and tensors that are none', () => {
    class Halves extends nn.Module<[x: Tensor], Tensor> {
      override forward(x: Tensor): Tensor {
        return x.narrow(0, 0, 1)
      }
    }
    const module = linear()
    expect(() => parametrize.register_parametrization(module, 'weight', new Halves())).toThrow(ShapeError)
    expect(parametrize.is_parametrized(module)).toBe(false)
    expect(String(module)).toMatch(/^Linear\(/)
    parametrize.register_parametrization(module, 'weight', new Halves(), { unsafe: true })
    expect(module.weight.shape).toEqual([1, 4])
    expect(parametrize.is_parametrized(module, 'bias')).toBe(false)
    expect(() => parametrize.register_parametrization(module, 'other', new Halves())).toThrow(ArgumentError)
    expect(() => parametrize.remove_parametrizations(module, 'bias')).toThrow(
      'does not have a parametrization',
    )
    expect(() => nn.utils.remove_weight_norm(module)).toThrow(ArgumentError)
  })
})

describe('pruning', () => {
  it('tells whether it is there, and takes methods of one own', () => {
    class EveryOther extends prune.BasePruningMethod {
      readonly PRUNING_TYPE = 'unstructured'

      override compute_mask(_: Tensor, default_mask: Tensor): Tensor {
        return default_mask
          .clone()
          .reshape([-1])
          .index_fill_(0, torch.tensor([0, 2]), 0)
          .view_as(default_mask)
      }
    }
    const module = new nn.Sequential(linear())
    expect(prune.is_pruned(module)).toBe(false)
    const container = (['weight', 'weight'] as const).map((name) =>
      EveryOther.apply(module.at(0), name),
    )[1] as InstanceType<typeof prune.PruningContainer>
    expect([...container]).toHaveLength(2)
    expect(prune.is_pruned(module)).toBe(true)
    const weight = Reflect.get(module.at(0), 'weight_mask') as Tensor
    expect(weight.reshape([-1]).tolist()).toEqual([0, 0, 0, 1, 0, 1, 1, 1])
    expect(new prune.L1Unstructured(1).prune(torch.tensor([3, -1, 2])).tolist()).toEqual([3, 0, 2])
  })

  it('leaves the module as it was when a method fails', () => {
    const module = linear()
    expect(() => prune.l1_unstructured(module, 'weight', 9)).toThrow('amount=9 should be smaller')
    expect(() => prune.random_unstructured(module, 'weight', 1.5)).toThrow(ArgumentError)
    expect(() => prune.ln_structured(module, 'bias', 1, 2, 0)).toThrow(ShapeError)
    expect(() => prune.custom_from_mask(module, 'weight', torch.ones([2]))).toThrow(ShapeError)
    expect(() => prune.remove(module, 'weight')).toThrow('has to be pruned before')
    expect(Object.keys(module.state_dict())).toEqual(['weight', 'bias'])
  })
})

describe('hooks', () => {
  it('run on gradients where no input has one, and end', () => {
    const module = linear()
    const seen: unknown[] = []
    const handle = module.register_full_backward_hook((self, inputs, outputs) => {
      seen.push(self === module, inputs, (outputs[0] as Tensor).tolist())
    })
    module(torch.ones([1, 4]))
      .sum()
      .backward()
    handle.remove()
    module(torch.ones([1, 4]))
      .sum()
      .backward()
    expect(seen).toEqual([true, [null], [[1, 1]]])
  })

  it('change states that are read and loaded', () => {
    const module = new nn.Sequential(linear())
    const order: string[] = []
    const inner = module.at(0)
    inner.register_state_dict_pre_hook((_, prefix) => void order.push(`before ${prefix}`))
    inner.register_state_dict_post_hook((_, state, prefix) => {
      state[`${prefix}scale`] = torch.ones([1])
    })
    expect(Object.keys(module.state_dict())).toEqual(['0.weight', '0.bias', '0.scale'])
    expect(order).toEqual(['before 0.'])
    const state = module.state_dict()
    expect(() => module.load_state_dict(state)).toThrow(CheckpointError)
    inner.register_load_state_dict_pre_hook((_, given, prefix) => {
      delete given[`${prefix}scale`]
    })
    expect(module.load_state_dict(state)).toEqual({ missing_keys: [], unexpected_keys: [] })
    expect(Object.keys(state)).toContain('0.scale')
    const late = module.register_load_state_dict_post_hook((_, keys) => {
      keys.missing_keys.length = 0
    })
    delete state['0.bias']
    expect(module.load_state_dict(state).missing_keys).toEqual([])
    late.remove()
    expect(() => module.load_state_dict(state)).toThrow('missing 0.bias')
  })
})

describe('sequences and norms', () => {
  it('pad and unpad', () => {
    const parts = [torch.tensor([1, 2, 3]), torch.tensor([4])]
    const padded = rnn.pad_sequence(parts, true, -1)
    expect(padded.tolist()).toEqual([
      [1, 2, 3],
      [4, -1, -1],
    ])
    expect(rnn.pad_sequence(parts, { padding_side: 'left' }).tolist()).toEqual([
      [1, 0],
      [2, 0],
      [3, 4],
    ])
    expect(rnn.unpad_sequence(padded, torch.tensor([3, 1]), true).map((part) => part.tolist())).toEqual([
      [1, 2, 3],
      [4],
    ])
    expect(() => rnn.unpad_sequence(padded, [1], true)).toThrow('1 lengths for 2 sequences')
  })

  it('clip by a norm that is given', () => {
    const parameter = nn.Parameter(torch.zeros([2]))
    parameter.grad = torch.tensor([3, 4]).float()
    const norm = nn.utils.get_total_norm(parameter.grad)
    expect(norm.item()).toBe(5)
    nn.utils.clip_grads_with_norm_(parameter, 1, norm)
    expect(nn.utils.clip_grad_norm_([parameter], 10).item()).toBeCloseTo(1, 5)
    parameter.grad = torch.tensor([Number.NaN, 1])
    expect(() => nn.utils.clip_grad_norm_(parameter, 1, { error_if_nonfinite: true })).toThrow('non-finite')
  })
})
