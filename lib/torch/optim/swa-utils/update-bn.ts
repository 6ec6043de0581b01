/** torch.optim.swa_utils.update_bn: running statistics of batch normalisation for averaged parameters. */

import type { DeviceLike } from '../../device.js'
import { no_grad } from '../../modes.js'
import { native } from '../../native.js'
import type { Module } from '../../nn/module.js'
import type { Tensor } from '../../tensor.js'

interface BatchNorm {
  momentum: number | null
  reset_running_stats(): void
}

const isBatchNorm = (module: object): module is BatchNorm =>
  'reset_running_stats' in module && 'momentum' in module

/** Runs the model over the batches (a tensor, or a list whose first element is one) to measure them anew. */
export function update_bn(
  loader: Iterable<Tensor | readonly Tensor[]>,
  model: Module<[Tensor]>,
  options: { device?: DeviceLike } = {},
): void {
  const layers = model.modules().flatMap((module: object) => (isBatchNorm(module) ? [module] : []))
  if (layers.length === 0) return
  const momenta = layers.map((layer) => layer.momentum)
  const wasTraining = model.training
  model.train()
  try {
    for (const layer of layers) {
      layer.reset_running_stats()
      // null: the plain mean over all batches.
      layer.momentum = null
    }
    no_grad(() => {
      for (const batch of loader) {
        const input = (native.isTensor(batch) ? batch : (batch as readonly Tensor[])[0]) as Tensor
        model.forward(options.device === undefined ? input : input.to(options.device))
      }
    })
  } finally {
    layers.forEach((layer, i) => {
      layer.momentum = momenta[i] as number | null
    })
    model.train(wasTraining)
  }
}
