/** torch.load and torch.save. */

export type { Loaded } from '../pickle/plain.js'
export { type LoadOptions, load } from './load.js'
export { type Saved, save } from './save.js'
