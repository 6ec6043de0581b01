/** The files that a folder's weights may be in, in the order in which Transformers looks for them. */

/** What decides between several. */
export interface WeightOptions {
  /** true: only safetensors; false: only `pytorch_model.bin`; default: safetensors first. */
  use_safetensors?: boolean
  /** Part of the name, `model.fp16.safetensors` for 'fp16'. */
  variant?: string
}

/** A file by name; an index names the shards. */
export interface Candidate {
  name: string
  index: boolean
}

/** transformers _add_variant: before the last part, `model.fp16.safetensors`, `model.safetensors.index.fp16.json`. */
const withVariant = (name: string, variant: string | undefined) =>
  variant === undefined ? name : name.replace(/\.(\w+)$/, `.${variant}.$1`)

/** The names to try, best first; whoever downloads takes the first that exists, and with an index its shards. */
export function weightCandidates({ use_safetensors, variant }: WeightOptions = {}): Candidate[] {
  const forms = [
    ...(use_safetensors === false ? [] : ['model.safetensors', 'model.safetensors.index.json']),
    ...(use_safetensors === true ? [] : ['pytorch_model.bin', 'pytorch_model.bin.index.json']),
  ]
  return forms.map((name) => ({ name: withVariant(name, variant), index: name.endsWith('.index.json') }))
}
