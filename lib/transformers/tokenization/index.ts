export { type AddedToken, addedToken, SPECIAL_TOKEN_NAMES, type SpecialTokenName } from './added-token.js'
export { BatchEncoding, type Range } from './batch-encoding.js'
export { BertTokenizer } from './bert-tokenizer.js'
export { BertweetTokenizer } from './bertweet-tokenizer.js'
export type { Encoding } from './encoding.js'
export { PreTrainedTokenizerFast } from './fast-tokenizer.js'
export type { AnyTokenField, EncodingFields, Int64Values, TokenField } from './fields.js'
export type { OffsetUnit } from './offsets.js'
export type { EncodeOptions, TextInput } from './options.js'
export type { PadInput, PadOptions } from './pad.js'
export { type DecodeOptions, PreTrainedTokenizer } from './pretrained-tokenizer.js'
export {
  RobertaTokenizer,
  type TrainNewTokenizerOptions,
  type TrainTokenizerOptions,
} from './roberta-tokenizer.js'
export type { Span } from './sequence.js'
export type { LoadTokenizerOptions } from './settings.js'
export type { TokenIds } from './token-ids.js'
export type { TrainingProgress, TrainingTexts } from './training/train.js'
export type { Side, TruncationStrategy } from './truncation.js'
export { CamembertTokenizer, XLMRobertaTokenizer } from './unigram-tokenizers.js'
export type { NewSpecialTokens } from './vocabulary.js'
