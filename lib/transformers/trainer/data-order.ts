/** In which order the Trainer reads the examples, and what it needs to find the same place again. */

import { ArgumentError } from '../../errors.js'
import { operator } from '../../torch/operators.js'
import { Generator, get_rng_state, set_rng_state } from '../../torch/random.js'
import { type Tensor, toNumbers } from '../../torch/tensor.js'
import { RandomSampler, type Sampler } from '../../torch/utils/data.js'

const randperm = operator<(n: number) => Tensor>('aten::randperm')

/** accelerate SeedableRandomSampler: a permutation that depends on the seed and the epoch alone. */
export class SeedableRandomSampler implements Sampler {
  readonly length: number
  readonly #seed: number
  #epoch = 0

  constructor(source: { readonly length: number }, seed: number) {
    this.length = source.length
    this.#seed = seed
  }

  set_epoch(epoch: number): void {
    this.#epoch = epoch
  }

  *[Symbol.iterator](): Iterator<number> {
    const generator = new Generator().manual_seed(this.#seed + this.#epoch)
    yield* new RandomSampler(this, { generator })
  }
}

/**
 * transformers get_length_grouped_indices: a permutation in which `batch_size` neighbours have similar lengths; the
 * longest example comes first, so that memory that does not suffice shows at once.
 */
export function get_length_grouped_indices(lengths: readonly number[], batch_size: number): number[] {
  const batches = Math.min(Math.floor(lengths.length / (batch_size * 4)), 50) || 1
  const size = batches * batch_size
  const indices = toNumbers(randperm(lengths.length)).map(Number)
  const lengthOf = (index: number) => lengths[index] as number
  const groups: number[][] = []
  for (let start = 0; start < indices.length; start += size) {
    const group = indices.slice(start, start + size)
    groups.push(group.sort((a, b) => lengthOf(b) - lengthOf(a)))
  }
  const longest = groups.reduce(
    (best, group, i) => (lengthOf(group[0] as number) > lengthOf(groups[best]?.[0] as number) ? i : best),
    0,
  )
  const [first, other] = [groups[0], groups[longest]]
  if (first && other) [first[0], other[0]] = [other[0] as number, first[0] as number]
  return groups.flat()
}

/** transformers LengthGroupedSampler. */
export class LengthGroupedSampler implements Sampler {
  constructor(
    readonly lengths: readonly number[],
    readonly batch_size: number,
  ) {}

  get length(): number {
    return this.lengths.length
  }

  [Symbol.iterator](): Iterator<number> {
    return get_length_grouped_indices(this.lengths, this.batch_size)[Symbol.iterator]()
  }
}

/**
 * Lengths of a data set's examples: their column `length_column_name`, or the number of their `input_ids`.
 *
 * @throws ArgumentError naming the first example that has neither.
 */
export function exampleLengths(
  dataset: { readonly length: number; get(index: number): unknown },
  length_column_name: string,
): number[] {
  return Array.from({ length: dataset.length }, (_, i) => {
    const example = dataset.get(i) as Record<string, unknown>
    const length = example[length_column_name] ?? (example.input_ids as { length?: number })?.length
    if (typeof length !== 'number') {
      throw new ArgumentError(
        `group_by_length: example ${i} has neither '${length_column_name}' nor 'input_ids'`,
        { hint: 'give it one of them, or leave group_by_length out' },
      )
    }
    return length
  })
}

/** States of the default generator from which an interrupted epoch can be gone on with. */
export interface RandomPlace {
  /** Before the epoch's order was drawn. */
  epoch: Tensor
  /** Before the batch was made that lies ready; null when none does. */
  ahead: Tensor | null
}

/**
 * The batches of one epoch. As in accelerate's loader, the next one is made before the last one is given, so the random
 * numbers of a collator and of dropout come in Python's order.
 */
export class BatchesAhead<B> {
  readonly #makers: Iterator<() => B | Promise<B>>
  readonly #epoch = get_rng_state()
  #ahead: Tensor | null = null
  #ready: { batch: B } | null = null
  #started = false

  constructor(loader: { makers(): Iterator<() => B | Promise<B>> }) {
    this.#makers = loader.makers()
  }

  /** Where the generator stood, for `resume`. */
  get place(): RandomPlace {
    return { epoch: this.#epoch, ahead: this.#ahead }
  }

  /** Goes to where `count` batches were given; `place` is what was saved there, and the generator stands there again. */
  async resume(count: number, place: RandomPlace | undefined): Promise<void> {
    const now = get_rng_state()
    if (place) set_rng_state(place.epoch)
    for (let i = 0; i < count; i++) this.#makers.next()
    if (place?.ahead) set_rng_state(place.ahead)
    this.#started = true
    await this.#make()
    set_rng_state(now)
  }

  /** The next batch; undefined at the end. */
  async next(): Promise<B | undefined> {
    if (!this.#started) {
      this.#started = true
      await this.#make()
    }
    const given = this.#ready
    if (given) await this.#make()
    return given?.batch
  }

  async #make(): Promise<void> {
    const { value, done } = this.#makers.next()
    this.#ahead = done ? null : get_rng_state()
    this.#ready = done ? null : { batch: await value() }
  }
}
