/** What the Trainer does between its steps, and what it refuses. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import {
  ArgumentError,
  datasets,
  EarlyStoppingCallback,
  type EvalPrediction,
  get_decay_parameter_names,
  metrics,
  PrinterCallback,
  RobertaForSequenceClassification,
  RobertaTokenizer,
  type Tensor,
  Trainer,
  type TrainerOptions,
  TrainingArguments,
  type TrainingFields,
  torch,
} from '../../../../lib/index.js'
import { packageRoot } from '../../../../lib/native/paths.js'
import { type Example, labelled, newFolder, newModel, newTrainer, Texts } from './support.js'

const accuracyOf = ({ predictions, label_ids }: EvalPrediction) => {
  const predicted = (predictions as Tensor).argmax(-1).tolist() as number[]
  return { accuracy: metrics.accuracy_score((label_ids as Tensor).tolist() as number[], predicted) }
}

test('learns, evaluates by the best metric, and leaves a folder that loads', async () => {
  const trainer = newTrainer(
    {
      num_train_epochs: 8,
      learning_rate: 5e-3,
      eval_strategy: 'epoch',
      save_strategy: 'epoch',
      load_best_model_at_end: true,
      metric_for_best_model: 'accuracy',
    },
    { compute_metrics: accuracyOf, eval_dataset: new Texts(40) },
  )
  const { global_step, training_loss } = await trainer.train()
  expect(global_step).toBe(40)
  expect(training_loss).toBeLessThan(0.69)
  const { eval_accuracy } = await trainer.evaluate()
  expect(eval_accuracy).toBe(trainer.state.best_metric)
  expect(eval_accuracy).toBeGreaterThan(0.7)

  await trainer.save_model()
  const { output_dir } = trainer.args
  const loaded = await RobertaForSequenceClassification.from_pretrained(output_dir)
  const { predictions, label_ids } = await trainer.predict(new Texts(7))
  const { logits } = torch.no_grad(() => loaded.eval()(labelled(new Texts(7).rows) as { input_ids: Tensor }))
  expect(torch.equal(predictions as Tensor, logits)).toBe(true)
  expect((label_ids as Tensor).shape).toEqual([7])
  const saved = JSON.parse(await readFile(join(output_dir, 'training_args.json'), 'utf8'))
  expect(saved.learning_rate).toBe(5e-3)
})

test('stops early when the metric no longer improves', async () => {
  const trainer = newTrainer(
    { num_train_epochs: 20, eval_strategy: 'epoch', save_strategy: 'no', metric_for_best_model: 'score' },
    {
      compute_metrics: () => ({ score: -Math.abs(trainer.state.epoch - 3) }),
      callbacks: [new EarlyStoppingCallback({ early_stopping_patience: 2 })],
    },
  )
  await trainer.train()
  expect(trainer.state.epoch).toBe(5)
})

test('callbacks are called in order, and their promises awaited', async () => {
  const calls: string[] = []
  const note = (name: string) => async () => {
    await new Promise(setImmediate)
    calls.push(name)
  }
  const trainer = newTrainer(
    { max_steps: 1, gradient_accumulation_steps: 2 },
    {
      callbacks: [
        {
          on_train_begin: note('train_begin'),
          on_epoch_begin: note('epoch_begin'),
          on_step_begin: note('step_begin'),
          on_substep_end: note('substep_end'),
          on_optimizer_step: note('optimizer_step'),
          on_step_end: note('step_end'),
          on_log: note('log'),
          on_save: note('save'),
          on_train_end: note('train_end'),
        },
      ],
    },
  )
  await trainer.train()
  expect(calls.join(' ')).toBe(
    'train_begin epoch_begin step_begin substep_end optimizer_step step_end log save log train_end',
  )
})

test('a loss that is not a number does not spoil the log, unless it is asked to', async () => {
  const lossOf = (trainer: { state: { global_step: number } }) => (outputs: { logits: Tensor }) =>
    outputs.logits.sum().mul(trainer.state.global_step === 1 ? Number.NaN : 0)
  const losses = async (logging_nan_inf_filter: boolean) => {
    const trainer: Trainer<Example> = newTrainer(
      { max_steps: 2, logging_steps: 2, logging_nan_inf_filter, save_strategy: 'no' },
      { compute_loss_func: (outputs: never) => lossOf(trainer)(outputs) },
    )
    await trainer.train()
    return trainer.state.log_history[0]?.loss
  }
  expect(await losses(true)).toBe(0)
  expect(await losses(false)).toBeNaN()
})

test('a module of TypeScript trains as well', async () => {
  class Head extends torch.nn.Module<[{ input_ids: Tensor; labels: Tensor }], { loss: Tensor }> {
    readonly embedding = new torch.nn.EmbeddingBag(64, 2)

    override forward({ input_ids, labels }: { input_ids: Tensor; labels: Tensor }) {
      return { loss: torch.nn.functional.cross_entropy(this.embedding(input_ids), labels) }
    }
  }
  const model = new Head()
  const trainer = newTrainer({ num_train_epochs: 30, learning_rate: 0.05, save_strategy: 'no' }, { model })
  const { training_loss } = await trainer.train()
  expect(training_loss).toBeLessThan(0.5)
})

test('without a collator, what the tokenizer made is padded, and rows of one shape are joined', async () => {
  const rows = new Texts(8).rows.map(({ input_ids, label }) => ({
    input_ids,
    attention_mask: input_ids.map(() => 1),
    label,
  }))
  const tokenizer = await RobertaTokenizer.from_pretrained(join(packageRoot, 'test/fixtures/tokenizer/small'))
  const run = async (options: Partial<TrainerOptions<unknown>>) => {
    const args = new TrainingArguments({ output_dir: newFolder(), max_steps: 2, disable_tqdm: true })
    const trainer = new Trainer<unknown>({ model: newModel(), args, ...options })
    trainer.remove_callback(PrinterCallback)
    return trainer.train()
  }
  const padded = await run({ train_dataset: datasets.Dataset.from_list(rows), processing_class: tokenizer })
  expect(padded.training_loss).toBeGreaterThan(0)
  const same = rows.map(() => ({ input_ids: [0, 5, 2], label: 1 }))
  expect((await run({ train_dataset: datasets.Dataset.from_list(same) })).training_loss).toBeGreaterThan(0)
})

test('weight decay leaves biases and normalization alone', () => {
  const names = get_decay_parameter_names(newModel('masked-lm'))
  expect(names.filter((name) => /bias|norm/i.test(name))).toEqual([])
  expect(names).toContain('roberta.embeddings.word_embeddings.weight')
})

test.each<[Record<string, unknown>, RegExp]>([
  [{ learning_rates: 1 }, /no field 'learning_rates'/],
  [{ learning_rate: -1 }, /learning_rate must be/],
  [{ learning_rate: Number.NaN }, /learning_rate must be/],
  [{ num_train_epochs: 0 }, /num_train_epochs must be above 0/],
  [{ max_steps: 0 }, /max_steps/],
  [{ per_device_train_batch_size: 1.5 }, /per_device_train_batch_size/],
  [{ eval_strategy: 'step' }, /eval_strategy is one of no, steps, epoch/],
  [{ lr_scheduler_type: 'lin' }, /lr_scheduler_type is one of linear/],
  [{ logging_first_step: 1 }, /true or false/],
  [{ load_best_model_at_end: true, eval_strategy: 'epoch' }, /strategy to match/],
  [{ load_best_model_at_end: true, eval_strategy: 'steps', eval_steps: 3, save_steps: 4 }, /multiple/],
])('arguments %j are refused', (fields, message) => {
  expect(() => new TrainingArguments(fields as Partial<TrainingFields>)).toThrow(message)
})

test('what a Trainer lacks is named', async () => {
  expect(() => new Trainer({ model: newModel(), data_collator: 1 } as never)).toThrow(/data_collator/)
  expect(() => new Trainer({ data_collator: labelled } as never)).toThrow(/needs a model/)
  const train_dataset = undefined as never
  await expect(newTrainer({}, { train_dataset }).train()).rejects.toThrow(/train_dataset/)
  const data_collator = (examples: Example[]) => ({ input_ids: labelled(examples).input_ids })
  await expect(newTrainer({}, { data_collator }).train()).rejects.toThrow(ArgumentError)
  const noScore = newTrainer({ eval_strategy: 'epoch', metric_for_best_model: 'score' })
  await expect(noScore.train()).rejects.toThrow(/no 'eval_score'/)
})
