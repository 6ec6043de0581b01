import { describe, expect, it } from 'vitest'

import { type GetSchedulerOptions, get_scheduler, type SchedulerType, torch } from '../../../../lib/index.js'
import {
  type LRScheduler,
  ReduceLROnPlateau,
  type Schedule,
  type SchedulerState,
} from '../../../../lib/torch/optim/lr-scheduler/index.js'
import type { Optimizer } from '../../../../lib/torch/optim/optimizer.js'
import { construct, expectRates, readGolden } from './golden.js'

interface Spec {
  class?: string
  scheduler?: SchedulerType
  args?: unknown[]
  options?: object
  children?: Spec[]
  function?: keyof typeof factors
  optimizer?: 'Adam'
}

interface Case extends Spec {
  key: string
  state_dict: SchedulerState
}

const steps = 60
const factors = {
  decay: (step: number) => 0.95 ** step,
  wave: (step: number) => 1 + 0.1 * ((step % 3) - 1),
}
const metric = (step: number) => Math.abs(20 - step) / 20 + (step % 4) * 0.02

const { cases, tensor } = await readGolden<Case>('schedules')

function newOptimizer(spec: Spec): Optimizer {
  const params = [{ params: [torch.zeros([1])] }, { params: [torch.zeros([1])], lr: 0.05 }]
  if (spec.optimizer === 'Adam') return new torch.optim.Adam(params, { lr: 0.5 })
  return new torch.optim.SGD(params, { lr: 0.5, momentum: 0.9 })
}

function newSchedule(spec: Spec, optimizer: Optimizer): Schedule {
  const { args = [], options = {}, scheduler } = spec
  if (scheduler) return get_scheduler(scheduler, optimizer, options as GetSchedulerOptions)
  const name = spec.class as string
  const namespace = name === 'SWALR' ? torch.optim.swa_utils : torch.optim.lr_scheduler
  if (spec.function) return construct(namespace, name, [optimizer, factors[spec.function]])
  const children = spec.children?.map((child) => newSchedule(child, optimizer))
  if (name === 'ChainedScheduler') return construct(namespace, name, [children])
  return construct(namespace, name, [optimizer, ...(children ? [children] : []), ...args, options])
}

function advance(schedule: Schedule, step: number): void {
  if (schedule instanceof ReduceLROnPlateau) schedule.step(metric(step))
  else schedule.step()
}

function expectState(spec: Case, optimizer: Optimizer, step: number): void {
  const at = (kind: string) => tensor(`${spec.key}/${kind}`).select(0, step).tolist() as number[]
  const groups = optimizer.param_groups
  expectRates(
    groups.map((group) => group.lr),
    at('rates'),
    `rate at step ${step}`,
  )
  const momenta = groups.map((group) => group.betas?.[0] ?? (group.momentum as number))
  expectRates(momenta, at('momenta'), `momentum at step ${step}`)
}

/** Numbers as JSON keeps them, to 12 digits. Python saves `{}` for the partial functions of Transformers. */
const comparable = (state: SchedulerState) =>
  JSON.parse(JSON.stringify(state), (key, value) => {
    if (key === 'lr_lambdas') return value.length
    return typeof value === 'number' ? Number(value.toPrecision(12)) : value
  })

describe.each(
  cases.map(
    (spec) => [`${spec.class ?? spec.scheduler} ${JSON.stringify(spec.options ?? spec.args)}`, spec] as const,
  ),
)('%s', (_, spec) => {
  const stop = spec.class === 'OneCycleLR' ? steps - 1 : steps

  it('gives the rates of 60 steps, and the state half-way', () => {
    const optimizer = newOptimizer(spec)
    const schedule = newSchedule(spec, optimizer)
    expectState(spec, optimizer, 0)
    for (let step = 0; step < stop; step++) {
      if (step === steps / 2) expect(comparable(schedule.state_dict())).toEqual(comparable(spec.state_dict))
      advance(schedule, step)
      expectState(spec, optimizer, step + 1)
      expectRates(
        schedule.get_last_lr(),
        optimizer.param_groups.map((group) => group.lr),
        'get_last_lr',
      )
    }
  })

  it("goes on from Python's state", () => {
    const optimizer = newOptimizer(spec)
    const schedule = newSchedule(spec, optimizer)
    schedule.load_state_dict(spec.state_dict)
    const half = tensor(`${spec.key}/rates`)
      .select(0, steps / 2)
      .tolist() as number[]
    optimizer.param_groups.forEach((group, i) => {
      group.lr = half[i] as number
    })
    for (let step = steps / 2; step < stop; step++) {
      advance(schedule, step)
      expectState(spec, optimizer, step + 1)
    }
  })
})

describe('schedules', () => {
  const optimizer = () => newOptimizer({})
  const { lr_scheduler } = torch.optim

  it('go on from their own state', () => {
    const first = optimizer()
    const schedule = new lr_scheduler.CosineAnnealingLR(first, 20)
    for (let step = 0; step < 7; step++) schedule.step()
    const [state, optimizerState] = [schedule.state_dict(), first.state_dict()]
    for (let step = 0; step < 5; step++) schedule.step()

    const second = optimizer()
    const resumed = new lr_scheduler.CosineAnnealingLR(second, 20)
    second.load_state_dict(optimizerState)
    resumed.load_state_dict(state)
    for (let step = 0; step < 5; step++) resumed.step()
    expect(resumed.get_last_lr()).toEqual(schedule.get_last_lr())
  })

  it('resume at a step with last_epoch', () => {
    const whole = optimizer()
    const schedule = new lr_scheduler.LambdaLR(whole, factors.decay)
    for (let step = 0; step < 4; step++) schedule.step()
    const state = whole.state_dict()
    schedule.step()

    const later = optimizer()
    expect(() => new lr_scheduler.LambdaLR(later, factors.decay, { last_epoch: 4 })).toThrow(/initial_lr/)
    later.load_state_dict(state)
    const resumed = new lr_scheduler.LambdaLR(later, factors.decay, { last_epoch: 4 })
    expect(resumed.get_last_lr()).toEqual(schedule.get_last_lr())
  })

  it('refuse what makes no sense', () => {
    const one = optimizer()
    const step = (o: Optimizer): LRScheduler => new lr_scheduler.StepLR(o, 3)
    expect(() => new lr_scheduler.LambdaLR(one, [factors.decay])).toThrow(/1 values for 2 parameter groups/)
    expect(() => new lr_scheduler.ConstantLR(one, { factor: 2 })).toThrow(/factor is 2/)
    expect(() => new lr_scheduler.CosineAnnealingWarmRestarts(one, 0)).toThrow(/T_0 is 0/)
    expect(() => new lr_scheduler.SequentialLR(one, [step(one)], [3])).toThrow(/0 milestones/)
    expect(() => new lr_scheduler.ChainedScheduler([step(one), step(optimizer())])).toThrow(
      /another optimizer/,
    )
    expect(() => new lr_scheduler.ChainedScheduler([new ReduceLROnPlateau(one)])).toThrow(/ReduceLROnPlateau/)
    expect(() => new lr_scheduler.OneCycleLR(one, 0.1)).toThrow(/total_steps/)
    const cycle = new lr_scheduler.OneCycleLR(one, 0.1, { total_steps: 2 })
    cycle.step()
    cycle.step()
    expect(() => cycle.step()).toThrow(/beyond the 2/)
    const plain = new torch.optim.Adagrad([torch.zeros([1])])
    expect(() => new lr_scheduler.CyclicLR(plain, 0.1, 0.2)).toThrow(/neither momentum nor betas/)
    expect(() => get_scheduler('nothing' as SchedulerType, one)).toThrow(/there is no schedule 'nothing'/)
    expect(() => get_scheduler('linear', one, { num_warmup_steps: 1 })).toThrow(/num_training_steps/)
    expect(() =>
      get_scheduler('cosine_with_min_lr', one, { num_warmup_steps: 1, num_training_steps: 9 }),
    ).toThrow(/min_lr/)
  })
})
