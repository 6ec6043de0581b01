/** Transformers' Trainer: the same examples, arguments and seed give the same run, and its checkpoints go on here. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import {
  type Batch,
  PrinterCallback,
  RobertaConfig,
  type Tensor,
  Trainer,
  type TrainerCallback,
  TrainingArguments,
  type TrainingFields,
  torch,
} from '../../lib/index.js'
import type { Generator } from '../../lib/torch/random.js'
import { type Check, Collector, type Context } from './check.js'
import { classes, smallConfig } from './models.js'

interface Example {
  input_ids: number[]
  labels: number
}

interface TrainerSpec {
  name: string
  class: 'masked-lm' | 'sequence-classification'
  config: Record<string, unknown>
  seed: number
  train: Example[]
  test: Example[]
  args: Partial<TrainingFields>
  /** Update of the first checkpoint. */
  first: number
  /**
   * Whether it is resumed, too, there from our checkpoint and here from Python's, which has no place in the data: masks
   * and groups that were drawn for a batch that lay ready are drawn anew there.
   */
  resumes: boolean
}

const pad = 1
const { vocab_size } = smallConfig(2, 64)

/** Texts of random lengths, without the ids of special tokens and of the mask. */
function makeExamples(count: number, generator: Generator): Example[] {
  const draw = (low: number, high: number, size: number) =>
    torch.randint(low, high, [size], { generator }).tolist() as number[]
  const labels = draw(0, 3, count)
  return draw(3, 25, count).map((tokens, i) => ({
    input_ids: draw(4, vocab_size - 1, tokens),
    labels: labels[i] as number,
  }))
}

const specs = ({ short }: Context): TrainerSpec[] => {
  const max_steps = short ? 40 : 1000
  const every = max_steps / 4
  // accelerate's skip_first_batches begins again with the order of epoch 0, so in the middle of a later epoch Python's
  // Trainer does not go on as it would have, not even from its own checkpoint.
  const updatesAnEpoch = 13
  const wholeEpochs = updatesAnEpoch * Math.ceil(every / updatesAnEpoch)
  const generator = new torch.Generator().manual_seed(5)
  const train = makeExamples(203, generator)
  const test = makeExamples(20, generator)
  const shared = { seed: 5, train, test, config: { ...smallConfig(2, 64), num_labels: 3 }, first: every }
  const args = {
    max_steps,
    logging_steps: every / 10,
    eval_strategy: 'steps',
    eval_steps: every,
    save_steps: every,
    learning_rate: 1e-3,
  } as const
  return [
    {
      ...shared,
      name: 'classification',
      class: 'sequence-classification',
      args: {
        ...args,
        save_steps: wholeEpochs,
        gradient_accumulation_steps: 2,
        warmup_ratio: 0.1,
        weight_decay: 0.01,
      },
      first: wholeEpochs,
      resumes: true,
    },
    {
      ...shared,
      name: 'masked LM',
      class: 'masked-lm',
      args: {
        ...args,
        // Not 'cosine': Math.cos and Python's math.cos differ in the last bit here and there.
        lr_scheduler_type: 'polynomial',
        warmup_steps: 5,
        max_grad_norm: 0.5,
        label_smoothing_factor: 0.1,
        group_by_length: true,
        data_seed: 9,
      },
      resumes: false,
    },
    {
      ...shared,
      name: 'unfused, epochs',
      class: 'sequence-classification',
      args: {
        optim: 'adamw_torch',
        num_train_epochs: 1.5,
        per_device_train_batch_size: 16,
        dataloader_drop_last: true,
        eval_strategy: 'epoch',
        save_strategy: 'epoch',
        logging_strategy: 'epoch',
        eval_on_start: true,
      },
      first: 12,
      resumes: true,
    },
  ]
}

const collator =
  (spec: TrainerSpec) =>
  (examples: Example[]): Batch => {
    const width = Math.max(...examples.map(({ input_ids }) => input_ids.length))
    const rows = examples.map(({ input_ids }) => [
      ...input_ids,
      ...new Array<number>(width - input_ids.length).fill(pad),
    ])
    const input_ids = torch.tensor(rows)
    const attention_mask = input_ids.ne(pad).to('int64')
    if (spec.class === 'sequence-classification') {
      return { input_ids, attention_mask, labels: torch.tensor(examples.map(({ labels }) => labels)) }
    }
    const chosen = torch.bernoulli(torch.full(input_ids.shape, 0.3)).to('bool').logical_and(attention_mask)
    chosen.select(1, 1).fill_(true)
    const labels = torch.where(chosen, input_ids, -100)
    return {
      input_ids: torch.where(chosen, vocab_size - 1, input_ids),
      attention_mask,
      labels,
    }
  }

function newTrainer(spec: TrainerSpec, folder: string, callbacks: TrainerCallback[] = []) {
  torch.manual_seed(spec.seed)
  const model = new classes[spec.class](new RobertaConfig(spec.config))
  const trainer = new Trainer<Example>({
    model,
    args: new TrainingArguments({ output_dir: join(folder, spec.name), disable_tqdm: true, ...spec.args }),
    data_collator: collator(spec),
    train_dataset: new ListDataset(spec.train),
    eval_dataset: new ListDataset(spec.test),
    callbacks,
  })
  trainer.remove_callback(PrinterCallback)
  return { trainer, model }
}

/** Trains to the first checkpoint. */
async function begin(spec: TrainerSpec, folder: string): Promise<void> {
  const stop: TrainerCallback = {
    on_save(_args, _state, control) {
      control.should_training_stop = true
    },
  }
  await newTrainer(spec, folder, [stop]).trainer.train()
}

class ListDataset extends torch.utils.data.Dataset<Example> {
  constructor(readonly rows: readonly Example[]) {
    super()
  }

  get length(): number {
    return this.rows.length
  }

  get(index: number): Example {
    return this.rows[index] as Example
  }
}

export const trainer: Check = {
  name: 'trainer',
  compared:
    'Trainer: accumulation, clipping, schedules, decay groups, label smoothing, grouping by length, evaluation: logs, weights, predictions, generator state; runs begun there and finished here, and the other way',
  async prepare(context) {
    const all = specs(context)
    await writeFile(join(context.folder, 'trainer.json'), JSON.stringify(all))
    for (const spec of all) if (spec.resumes) await begin(spec, join(context.folder, 'ours'))
  },
  async ours(context) {
    const results = new Collector()
    for (const spec of specs(context)) {
      const { name } = spec
      const { trainer, model } = newTrainer(spec, join(context.folder, 'whole'))
      const output = await trainer.train()
      results.add(`${name}/rng_state`, torch.get_rng_state())
      results.facts[`${name}/log`] = trainer.state.log_history.map((entry) =>
        Object.fromEntries(Object.entries(entry).filter(([key]) => !/runtime|per_second/.test(key))),
      )
      results.facts[`${name}/steps`] = output.global_step
      results.addParameters(`${name}/weights`, model.named_parameters())
      if (!spec.resumes) continue
      const { predictions } = await trainer.predict(new ListDataset(spec.test))
      results.add(`${name}/predictions`, predictions as Tensor)
      results.addParameters(`${name}/begun here`, model.named_parameters())
      const folder = join(context.folder, 'python')
      const again = newTrainer(spec, folder)
      const resume_from_checkpoint = join(folder, name, `checkpoint-${spec.first}`)
      await again.trainer.train({ resume_from_checkpoint })
      results.addParameters(`${name}/begun there`, again.model.named_parameters())
    }
    return results
  },
}
