/** What our peer keeps between turns: inputs, a model to run and one to train. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { RobertaForSequenceClassification, type Tensor, torch } from 'robertorch'

import type { Batch } from './batches.js'
import type { Texts } from './texts.js'

type Inputs = Record<'input_ids' | 'attention_mask' | 'labels', Tensor>

const seed = 0
const learningRate = 2e-5

export class Session {
  #texts: Texts | undefined
  #model: Promise<RobertaForSequenceClassification> | undefined
  #trained: Promise<ReturnType<typeof prepareTraining>> | undefined

  private constructor(
    readonly folder: string,
    readonly batches: ReadonlyMap<string, Inputs>,
  ) {}

  static async open(folder: string): Promise<Session> {
    const batches: Record<string, Batch> = JSON.parse(await readFile(join(folder, 'batches.json'), 'utf8'))
    const inputs = Object.entries(batches).map(([name, batch]): [string, Inputs] => [
      name,
      {
        input_ids: torch.tensor(batch.input_ids),
        attention_mask: torch.tensor(batch.attention_mask),
        labels: torch.tensor(batch.labels),
      },
    ])
    return new Session(folder, new Map(inputs))
  }

  inputs(batch: string): Inputs {
    const inputs = this.batches.get(batch)
    if (inputs === undefined) throw new Error(`no batch '${batch}'`)
    return inputs
  }

  async texts(): Promise<Texts> {
    this.#texts ??= JSON.parse(await readFile(join(this.folder, 'texts.json'), 'utf8')) as Texts
    return this.#texts
  }

  /** The model in evaluation mode, loaded at the first call. */
  model(): Promise<RobertaForSequenceClassification> {
    this.#model ??= RobertaForSequenceClassification.from_pretrained(this.folder)
    return this.#model
  }

  /** Another copy in training mode with its optimizer; the generator is seeded once, before the first step. */
  trained() {
    this.#trained ??= RobertaForSequenceClassification.from_pretrained(this.folder).then(prepareTraining)
    return this.#trained
  }
}

function prepareTraining(model: RobertaForSequenceClassification) {
  model.train()
  torch.manual_seed(seed)
  return { model, optimizer: new torch.optim.AdamW(model.parameters(), { lr: learningRate }) }
}

/** Runs `once` some times and notes the milliseconds of each. */
export function timeEach<T>(times: number, once: () => T): { milliseconds: number[]; results: T[] } {
  const milliseconds: number[] = []
  const results: T[] = []
  for (let i = 0; i < times; i++) {
    const started = performance.now()
    results.push(once())
    milliseconds.push(performance.now() - started)
  }
  return { milliseconds, results }
}
