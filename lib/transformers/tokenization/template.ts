import type { Json } from './tokenizer-folder.js'

/** A text (A or B) or a special token, and its token type. */
export type TemplateItem = readonly [what: 'A' | 'B' | readonly [token: string, id: number], typeId: 0 | 1]

const written = ([what, type_id]: TemplateItem): Json =>
  typeof what === 'string' ? { Sequence: { id: what, type_id } } : { SpecialToken: { id: what[0], type_id } }

/** A `TemplateProcessing` post-processor as tokenizer.json writes it. */
export function templateProcessing(single: readonly TemplateItem[], pair: readonly TemplateItem[]): Json {
  const tokens = pair.flatMap(([what]) => (typeof what === 'string' ? [] : [what]))
  return {
    type: 'TemplateProcessing',
    single: single.map(written),
    pair: pair.map(written),
    special_tokens: Object.fromEntries(
      tokens.map(([token, id]) => [token, { id: token, ids: [id], tokens: [token] }]),
    ),
  }
}
