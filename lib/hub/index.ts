/** Models of the Hugging Face hub, in the cache that Python's huggingface_hub uses. */

export { checkHubOptions, type HubOptions, isInnerPath, splitHubOptions } from './options.js'
export { resolveModelFolder, together, type WantedFiles } from './resolve.js'
