/** A run that was stopped goes on as if nothing had happened. */

import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import {
  AbortedError,
  CheckpointError,
  get_last_checkpoint,
  type Tensor,
  type TrainerState,
  type TrainingFields,
  torch,
} from '../../../../lib/index.js'
import { masked, newFolder, newModel, newTrainer } from './support.js'

const fields = { per_device_train_batch_size: 4, num_train_epochs: 3, save_steps: 4 } as const

/** Masks and dropout are drawn anew in each step; lengths decide the order. */
const cases: [string, Partial<TrainingFields>][] = [
  ['one batch at a time', fields],
  ['two batches an update', { ...fields, gradient_accumulation_steps: 2, save_steps: 3 }],
  ['grouped by length', { ...fields, group_by_length: true }],
]
test.each(cases)('the losses and weights of an uninterrupted run, bit for bit: %s', async (_name, args) => {
  const maskedLm = () => ({ model: newModel('masked-lm'), data_collator: masked })
  const whole = newTrainer(args, maskedLm())
  await whole.train()

  const output_dir = newFolder()
  const stop = new AbortController()
  const stopped = newTrainer(
    { ...args, output_dir },
    {
      ...maskedLm(),
      callbacks: [{ on_step_end: (_args, state) => void (state.global_step === 8 && stop.abort()) }],
    },
  )
  await expect(stopped.train({ signal: stop.signal })).rejects.toThrow(AbortedError)
  torch.manual_seed(99)
  const resumed = newTrainer({ ...args, output_dir }, maskedLm())
  torch.rand([3])
  await resumed.train({ resume_from_checkpoint: true })

  const losses = ({ state }: { state: TrainerState }) =>
    state.log_history.filter((entry) => entry.loss !== undefined).map(({ step, loss }) => [step, loss])
  expect(losses(resumed)).toEqual(losses(whole))
  const state = resumed.model.state_dict()
  for (const [name, tensor] of Object.entries(whole.model.state_dict())) {
    expect(torch.equal(tensor, state[name] as Tensor), name).toBe(true)
  }
})

test('what an interrupted write left is neither taken for a checkpoint nor kept', async () => {
  const output_dir = newFolder()
  const half = 'checkpoint-90.00000000-0000-4000-8000-000000000000.tmp'
  await mkdir(join(output_dir, half))
  await mkdir(join(output_dir, 'checkpoint-80')) // no trainer_state.json in it
  expect(await get_last_checkpoint(output_dir)).toBe(null)
  await newTrainer({ ...fields, max_steps: 4, output_dir }).train()
  expect(existsSync(join(output_dir, half))).toBe(false)
  expect(await get_last_checkpoint(output_dir)).toBe(join(output_dir, 'checkpoint-4'))
})

test('a checkpoint that cannot be gone on from says why', async () => {
  const output_dir = newFolder()
  const resume = (args: Partial<TrainingFields> = {}) =>
    newTrainer({ ...fields, ...args, output_dir }).train({ resume_from_checkpoint: true })
  await expect(resume()).rejects.toThrow(CheckpointError)
  await newTrainer({ ...fields, max_steps: 4, output_dir }).train()
  await expect(resume({ per_device_train_batch_size: 8 })).rejects.toThrow(/batches of 4, not 8/)

  const other = newTrainer({ ...fields, output_dir }, { model: newModel('masked-lm'), data_collator: masked })
  await expect(other.train({ resume_from_checkpoint: true })).rejects.toThrow(CheckpointError)

  const checkpoint = join(output_dir, 'checkpoint-4')
  await rm(join(checkpoint, 'optimizer.pt'))
  await expect(resume()).rejects.toThrow(/optimizer\.pt/)
  await writeFile(join(checkpoint, 'trainer_state.json'), '{"global_step": ')
  await expect(resume()).rejects.toThrow(CheckpointError)
})

test('save_total_limit keeps the newest and the best', async () => {
  const trainer = newTrainer(
    {
      ...fields,
      max_steps: 20,
      eval_strategy: 'steps',
      eval_steps: 4,
      save_total_limit: 2,
      metric_for_best_model: 'score',
    },
    { compute_metrics: () => ({ score: trainer.state.global_step === 8 ? 1 : 0 }) },
  )
  await trainer.train()
  expect((await readdir(trainer.args.output_dir)).sort()).toEqual(['checkpoint-20', 'checkpoint-8'])
  expect(trainer.state.best_model_checkpoint).toBe(join(trainer.args.output_dir, 'checkpoint-8'))
})
