/** What a checkpoint holds besides the weights: optimizer, schedule, random numbers. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { CheckpointError } from '../../errors.js'
import { native } from '../../torch/native.js'
import type { Optimizer } from '../../torch/optim/index.js'
import type { Schedule } from '../../torch/optim/lr-scheduler/index.js'
import { get_rng_state, set_rng_state } from '../../torch/random.js'
import { load, type Saved, save } from '../../torch/serialization/torch-file/index.js'
import type { Tensor } from '../../torch/tensor.js'
import type { RandomPlace } from './data-order.js'
import { numpyRandomState, pythonRandomState } from './python-random.js'

// The names of transformers' files.
const optimizerFile = 'optimizer.pt'
const schedulerFile = 'scheduler.pt'
const randomFile = 'rng_state.pth'

interface ResumeState {
  optimizer: Optimizer
  lr_scheduler: Schedule
  place: RandomPlace
  seed: number
}

export async function saveResumeState(
  folder: string,
  { optimizer, lr_scheduler, place, seed }: ResumeState,
): Promise<void> {
  await save(optimizer.state_dict() as unknown as Saved, join(folder, optimizerFile))
  await save(lr_scheduler.state_dict() as Saved, join(folder, schedulerFile))
  const states = {
    python: pythonRandomState(seed),
    numpy: numpyRandomState(seed),
    cpu: get_rng_state(),
    data: { ...place },
  }
  await save(states as unknown as Saved, join(folder, randomFile))
}

async function read(folder: string, name: string): Promise<Record<string, unknown>> {
  const path = join(folder, name)
  if (!existsSync(path)) {
    throw new CheckpointError(`${folder} cannot be resumed from: it has no ${name}`, {
      hint: 'it was saved with save_only_model, or is a model of another kind',
    })
  }
  return (await load(path, { mmap: false })) as Record<string, unknown>
}

/** Takes optimizer and schedule up where a checkpoint left them, also one of Python. */
export async function loadOptimizer(
  folder: string,
  optimizer: Optimizer,
  lr_scheduler: Schedule,
): Promise<void> {
  optimizer.load_state_dict((await read(folder, optimizerFile)) as never)
  lr_scheduler.load_state_dict(await read(folder, schedulerFile))
}

/** Sets the default generator as it was; gives the place in the data, which only checkpoints of this package have. */
export async function loadRandomState(folder: string): Promise<RandomPlace | undefined> {
  const { cpu, data } = await read(folder, randomFile)
  if (!native.isTensor(cpu)) {
    throw new CheckpointError(`${join(folder, randomFile)} has no state of the CPU's random numbers`)
  }
  set_rng_state(cpu as Tensor)
  return data as RandomPlace | undefined
}
