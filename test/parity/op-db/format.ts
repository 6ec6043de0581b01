/** The files that scripts/op_db writes: one pair of JSON and safetensors for each entry of the database. */

/** A value of a call; tensors, dtypes and what else JSON lacks stand as an object with one telling field. */
export type Encoded =
  | null
  | boolean
  | number
  | string
  | Encoded[]
  | { tensor: string; shape?: number[]; strides?: number[]; complex?: true; requires_grad?: true }
  | { int: string }
  | { float: number | string }
  | { complex: [number, number] }
  | { dtype: string }
  | { device: string }
  | { dict: Record<string, Encoded> }
  | { slice: Encoded[] }
  | { ellipsis: true }

/** One call and what PyTorch answered. */
export interface Sample {
  /** Dotted public name: `torch.add`, `torch.Tensor.view`. */
  call: string
  args: Encoded[]
  kwargs: Record<string, Encoded>
  /** The dtype that the sample was made for, `error` for one that must fail. */
  dtype: string
  output?: Encoded
  gradients?: Encoded[]
  /** Python's class of error. */
  error?: string
}

/** An entry of the database. */
export interface Entry {
  name: string
  variant: string
  samples: Sample[]
  /** Samples that cannot be replayed, counted by reason. */
  excluded: Record<string, number>
}

export interface Index {
  versions: Record<string, string>
  files: string[]
  /** Entries that Python itself could not run, with its message. */
  failed: Record<string, string>
}

/** What became of an entry here. */
export interface Outcome {
  file: string
  name: string
  variant: string
  passed: number
  total: number
  excluded: Record<string, number>
  /** Failed samples counted by reason. */
  failures: Record<string, number>
}
