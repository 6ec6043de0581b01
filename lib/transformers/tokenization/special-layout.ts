import { TokenizerError } from '../../errors.js'

/** A special token at a fixed place of the row. */
export interface SpecialPiece {
  readonly special: true
  readonly id: number
  readonly token: string
  readonly typeId: number
}

/** The place where the first (0) or the second (1) text goes. */
export interface SequencePiece {
  readonly special: false
  readonly sequence: 0 | 1
  readonly typeId: number
}

export type Piece = SpecialPiece | SequencePiece

/** Where special tokens stand around one text and around a pair: `<s> A </s></s> B </s>` for RoBERTa. */
export interface SpecialLayout {
  readonly single: readonly Piece[]
  readonly pair: readonly Piece[]
}

type Json = Record<string, unknown>

export const text = (sequence: 0 | 1, typeId: number): SequencePiece => ({ special: false, sequence, typeId })
const PLAIN: SpecialLayout = { single: [text(0, 0)], pair: [text(0, 0), text(1, 1)] }

function fixedToken(processor: Json, name: 'cls' | 'sep'): (typeId: number) => SpecialPiece {
  const value = processor[name]
  if (!Array.isArray(value) || typeof value[0] !== 'string' || !Number.isInteger(value[1])) {
    throw new TokenizerError(
      `the post_processor's ${name} must be [token, id], got ${JSON.stringify(value)}`,
      { hint: 'tokenizer.json is damaged: save or download it again' },
    )
  }
  return (typeId) => ({ special: true, token: value[0], id: value[1], typeId })
}

function templatePieces(processor: Json, name: 'single' | 'pair'): Piece[] {
  const tokens = processor.special_tokens as Record<string, { ids: number[]; tokens: string[] }>
  const template = processor[name] as {
    SpecialToken?: { id: string; type_id: number }
    Sequence?: { id: 'A' | 'B'; type_id: number }
  }[]
  return template.flatMap(({ SpecialToken: special, Sequence: sequence }): Piece[] => {
    if (sequence) return [text(sequence.id === 'A' ? 0 : 1, sequence.type_id)]
    if (!special) return []
    const { ids, tokens: names } = tokens[special.id] ?? { ids: [], tokens: [] }
    return ids.map((id, i) => ({ special: true, id, token: names[i] ?? special.id, typeId: special.type_id }))
  })
}

/**
 * Reads the layout out of the `post_processor` of a tokenizer.json.
 * @throws TokenizerError if the post-processor is of an unknown type or damaged.
 */
export function specialLayout(postProcessor: unknown): SpecialLayout {
  if (postProcessor === null || postProcessor === undefined) return PLAIN
  const processor = postProcessor as Json
  switch (processor.type) {
    case 'RobertaProcessing': {
      const cls = fixedToken(processor, 'cls')
      const sep = fixedToken(processor, 'sep')
      const single = [cls(0), text(0, 0), sep(0)]
      return { single, pair: [...single, sep(0), text(1, 0), sep(0)] }
    }
    case 'BertProcessing': {
      const cls = fixedToken(processor, 'cls')
      const sep = fixedToken(processor, 'sep')
      const single = [cls(0), text(0, 0), sep(0)]
      return { single, pair: [...single, text(1, 1), sep(1)] }
    }
    case 'TemplateProcessing':
      return { single: templatePieces(processor, 'single'), pair: templatePieces(processor, 'pair') }
    case 'ByteLevel':
      return PLAIN
    case 'Sequence': {
      const layouts = (processor.processors as unknown[]).map(specialLayout)
      return layouts.find((layout) => layout !== PLAIN) ?? PLAIN
    }
    default:
      throw new TokenizerError(`post_processor of type ${JSON.stringify(processor.type)} is not supported`, {
        hint: 'supported: RobertaProcessing, BertProcessing, TemplateProcessing, ByteLevel, Sequence',
      })
  }
}

/** Number of special tokens that a layout adds. */
export function countSpecial(pieces: readonly Piece[]): number {
  return pieces.filter((piece) => piece.special).length
}

/** A value for each token of the row that one or two texts of these ids make. */
export function layOut(
  layout: SpecialLayout,
  texts: readonly (readonly number[])[],
  ofSpecial: (piece: SpecialPiece) => number,
  ofToken: (piece: SequencePiece, id: number) => number,
): number[] {
  return (texts.length === 1 ? layout.single : layout.pair).flatMap((piece) =>
    piece.special ? [ofSpecial(piece)] : (texts[piece.sequence] ?? []).map((id) => ofToken(piece, id)),
  )
}
