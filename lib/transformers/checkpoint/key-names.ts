/** How names of old and foreign checkpoints become those of the models here. Data; `assign.ts` applies it. */

/** Names of old TensorFlow checkpoints. */
const renamed: readonly (readonly [RegExp, string])[] = [
  [/LayerNorm\.gamma$/, 'LayerNorm.weight'],
  [/LayerNorm\.beta$/, 'LayerNorm.bias'],
]

/** What wrappers put before every name: DataParallel, torch.compile, training scripts. */
const wrappers = ['module.', '_orig_mod.', 'model.']

/** Names of the encoder in the classes of this family; they differ in nothing else. */
const encoders = ['roberta', 'bert', 'camembert', 'xlm_roberta', 'model']

/** Where else a parameter may stand: the bias of a head's decoder is the head's. */
export const otherNames: readonly (readonly [RegExp, string])[] = [
  [/^(lm_head|cls\.predictions)\.bias$/, '$1.decoder.bias'],
  [/^(lm_head|cls\.predictions)\.decoder\.bias$/, '$1.bias'],
]

/** The names of a file as a model with this name of the encoder has them, beside those in the file. */
export function modernNames(keys: readonly string[], encoder: string): Map<string, string> {
  const wrapper = commonWrapper(keys, encoder)
  const foreign = foreignEncoder(
    keys.map((key) => key.slice(wrapper.length)),
    encoder,
  )
  return new Map(
    keys.map((key) => {
      const unwrapped = key.slice(wrapper.length)
      const own =
        foreign && unwrapped.startsWith(foreign) ? `${encoder}.${unwrapped.slice(foreign.length)}` : unwrapped
      return [renamed.reduce((name, [pattern, to]) => name.replace(pattern, to), own), key]
    }),
  )
}

/** What stands before every name, several together. */
function commonWrapper(keys: readonly string[], encoder: string): string {
  let wrapper = ''
  for (;;) {
    const next = wrappers.find(
      (word) =>
        word !== `${encoder}.` && keys.length > 0 && keys.every((key) => key.startsWith(wrapper + word)),
    )
    if (next === undefined) return wrapper
    wrapper += next
  }
}

/** Another name of the encoder, with its dot, where the file has none of the model's own. */
function foreignEncoder(keys: readonly string[], encoder: string): string | undefined {
  const has = (name: string) => keys.some((key) => key.startsWith(`${name}.embeddings.`))
  const other = has(encoder) ? undefined : encoders.find((name) => name !== encoder && has(name))
  return other && `${other}.`
}
