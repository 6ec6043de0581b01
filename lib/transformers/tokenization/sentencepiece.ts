import { TokenizerError } from '../../errors.js'
import { addedToken } from './added-token.js'
import { addTokens, type TokenizerDefinition } from './definition.js'
import type { IdOf } from './family.js'
import { bpeModel } from './sentencepiece-bpe.js'
import { ModelType, PieceType, readSentencePieceModel, type SentencePiece } from './sentencepiece-model.js'
import { type TemplateItem, templateProcessing } from './template.js'
import type { Json, VocabularyFiles } from './tokenizer-folder.js'

/** Name of the SentencePiece model of fairseq's families; in spite of it, what they published is Unigram. */
export const MODEL_FILE = 'sentencepiece.bpe.model'

/** How a family's vocabulary is laid out around the pieces of the SentencePiece model. */
export interface FairseqLayout {
  /** Tokens before the pieces, with their scores. The fourth is the unknown token. */
  readonly before: readonly (readonly [token: string, score: number])[]
  /** Pieces of the model that `before` stands for. */
  readonly skipped: number
}

/** Both families' unknown token, `<unk>`, is number 3: fairseq's order is `<s> <pad> </s> <unk>`. */
const UNKNOWN_ID = 3

/** Steps before the text is cut into pieces: the model's own table, then blanks, as `SpmConverter.normalizer`. */
function normalizer(charsmap: Uint8Array): Json {
  const table = { type: 'Precompiled', precompiled_charsmap: Buffer.from(charsmap).toString('base64') }
  return {
    type: 'Sequence',
    normalizers: [
      ...(charsmap.length > 0 ? [table] : []),
      { type: 'Strip', strip_left: false, strip_right: true },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: '▁' },
    ],
  }
}

/** Control and user-defined pieces are found in the text before it is cut. */
function spelledOut(pieces: readonly SentencePiece[]) {
  return pieces
    .filter(({ type }) => type === PieceType.control || type === PieceType.userDefined)
    .map(({ piece, type }) => addedToken(piece, { special: type === PieceType.control, normalized: false }))
}

/**
 * The definition in a `sentencepiece.bpe.model`, as `SpmConverter` makes it with the vocabulary of a family.
 * @throws TokenizerError if the model is damaged or of another kind
 */
export function fromSentencePiece(files: VocabularyFiles, layout: FairseqLayout): TokenizerDefinition {
  const model = readSentencePieceModel(files[MODEL_FILE] ?? new Uint8Array(), MODEL_FILE)
  if (model.modelType !== ModelType.unigram && model.modelType !== ModelType.bpe) {
    throw new TokenizerError(
      `${MODEL_FILE} holds a model of type ${model.modelType}; there are unigram, type 1, and BPE, type 2`,
      {
        hint: 'Python’s fast tokenizers cannot read words and characters either: train one of the other types',
      },
    )
  }
  if (model.byteFallback) {
    process.emitWarning(
      `${MODEL_FILE} lets unknown characters fall apart into bytes; here they become the unknown token, as in` +
        ' Python’s fast tokenizers.',
      { type: 'RobertorchWarning', code: 'ROBERTORCH_BYTE_FALLBACK' },
    )
  }
  const pieces = model.pieces
    .slice(layout.skipped)
    .map(({ piece, score }): [string, number] => [piece, score])
  const vocab = [...layout.before.map(([token, score]): [string, number] => [token, score]), ...pieces]
  vocab.push(['<mask>', 0])
  const space = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }
  const definition: TokenizerDefinition = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: normalizer(model.charsmap),
    pre_tokenizer: space,
    post_processor: null,
    decoder: space,
    model:
      model.modelType === ModelType.bpe
        ? bpeModel(model.pieces, vocab, model.unknownPiece)
        : { type: 'Unigram', unk_id: UNKNOWN_ID, vocab, byte_fallback: false },
  }
  addTokens(definition, spelledOut(model.pieces))
  return definition
}

/** `<s> A </s>`, and `<s> A </s></s> B </s>` for a pair, all of token type 0. */
export function fairseqProcessing(idOf: IdOf): Json {
  const sep = idOf('sep_token')
  const single: TemplateItem[] = [
    [idOf('cls_token'), 0],
    ['A', 0],
    [sep, 0],
  ]
  return templateProcessing(single, [...single, [sep, 0], ['B', 0], [sep, 0]])
}
