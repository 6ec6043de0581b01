/** What the runner and its two peers say to each other: one JSON object a line, requests in, replies out. */

/** A piece of work both peers know. `times` is how often it is done in one turn. */
export type Work =
  | { work: 'load'; batch: string }
  | { work: 'forward'; batch: string; times: number }
  | { work: 'step'; batch: string; times: number }
  | { work: 'add'; grad: boolean; times: number }
  | { work: 'eventLoop'; how: 'idle' | 'forward' | 'forwardAsync'; batch: string; times: number }
  | { work: 'tokenize'; times: number }
  | { work: 'tokenizeShort'; times: number }
  | { work: 'probe' }

/** What every turn gives back. */
export interface Turn {
  /** Milliseconds of each repetition; of `add` and `tokenizeShort`, the mean of one in each block. */
  milliseconds: number[]
  /** What was computed (logits, losses, sums), so that both sides can be compared. */
  values: number[]
  /** Tokens of one repetition, where the case cannot know them. */
  tokens?: number
}

/** Delays of the event loop in milliseconds, beyond the timer's own resolution. */
export interface LoopDelays {
  p50: number
  p99: number
  max: number
}

/** GFLOP/s of float32 matrix products. */
export interface ProbeRates {
  /** `F.linear`, the kernel both models use. */
  linear: number
  /** oneDNN's product with packed weights, the most this machine gave. */
  packed: number
}

/** First line of a peer, sent when everything is imported. */
export interface Hello {
  /** Names and versions, in the order in which they are to be shown. */
  versions: Record<string, string>
}

/** How a peer is started: the arguments of both are the same. */
export interface PeerArguments {
  /** Folder with `config.json`, `model.safetensors` and `batches.json`. */
  folder: string
  threads: number
}
