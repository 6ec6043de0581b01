/** Names of fairseq's files. */

export const modelFile = 'model.pt'
/** The vocabulary's BPE ids, in the order of the model's own. */
export const dictFile = 'dict.txt'
/** Where it lies beside them, the model is an XLM-R. */
export const sentencePieceFile = 'sentencepiece.bpe.model'
