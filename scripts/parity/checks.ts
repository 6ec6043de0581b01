/** All parity checks, in the order of the table. */

import { asynchronous } from './asynchronous.js'
import type { Check } from './check.js'
import { checkpoints } from './checkpoints.js'
import { dataLoader } from './data-loader.js'
import { families } from './families.js'
import { forward } from './forward.js'
import { generation } from './generation.js'
import { hubCache } from './hub-cache.js'
import { initialWeights } from './initial-weights.js'
import { newHeads } from './new-heads.js'
import { nnTraining } from './nn-training.js'
import { optimizers } from './optimizers.js'
import { pipelines } from './pipelines.js'
import { randomNumbers } from './random-numbers.js'
import { resizing } from './resizing.js'
import { saveLoad } from './save-load.js'
import { tokenizersCheck } from './tokenizers.js'
import { trainer } from './trainer.js'
import { training } from './training.js'

export const checks: readonly Check[] = [
  forward,
  families,
  generation,
  asynchronous,
  initialWeights,
  resizing,
  newHeads,
  saveLoad,
  checkpoints,
  hubCache,
  randomNumbers,
  tokenizersCheck,
  dataLoader,
  optimizers,
  training,
  trainer,
  nnTraining,
  pipelines,
]
