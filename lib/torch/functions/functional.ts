/** What torch.nn.functional has for images and signals; lib/torch/nn/functional passes it on. */

export { affine_grid, grid_sample } from './grid.js'
export { interpolate } from './interpolate.js'
export { pad } from './pad.js'
export { fold, unfold } from './patches.js'
export {
  adaptive_avg_pool1d,
  adaptive_avg_pool2d,
  adaptive_avg_pool3d,
  adaptive_max_pool1d,
  adaptive_max_pool2d,
  adaptive_max_pool3d,
  max_pool1d,
  max_pool2d,
  max_pool3d,
  max_unpool1d,
  max_unpool2d,
  max_unpool3d,
} from './pooling.js'
