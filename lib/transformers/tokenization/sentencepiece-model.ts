import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { TokenizerError } from '../../errors.js'

/** What a piece is for (`SentencePiece.Type` of sentencepiece_model.proto). */
export const PieceType = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const

/** Kinds of models that a tokenizer.json can hold. */
export const ModelType = { unigram: 1, bpe: 2 } as const

export interface SentencePiece {
  readonly piece: string
  /** Logarithm of the probability, a float32. */
  readonly score: number
  readonly type: number
}

/** The parts of a `sentencepiece.bpe.model` that a tokenizer is made of. */
export interface SentencePieceModel {
  readonly pieces: readonly SentencePiece[]
  /** 1: unigram, 2: BPE, 3: words, 4: characters. */
  readonly modelType: number
  /** Unknown characters fall apart into pieces for bytes. */
  readonly byteFallback: boolean
  /** Token for what the vocabulary lacks. */
  readonly unknownPiece: string
  /** Table of replaced characters, in SentencePiece's own form; empty where there is none. */
  readonly charsmap: Uint8Array
}

/** Text of a name, with an error for what is no UTF-8: a replaced character would be another piece. */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

type Field = (reader: BinaryReader, wireType: WireType) => void

/**
 * Reads the fields of a message that are named here and skips the others. The reader checks every length against the
 * bytes that there are.
 */
function readMessage(bytes: Uint8Array, fields: Readonly<Record<number, [WireType, Field]>>): void {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    const [expected, read] = fields[number] ?? []
    if (!read) {
      reader.skip(wireType, number)
      continue
    }
    if (wireType !== expected) {
      throw new RangeError(`field ${number} has wire type ${wireType}, not ${expected}`)
    }
    read(reader, wireType)
    if (reader.pos > reader.len) throw new RangeError('premature EOF')
  }
}

function readPiece(bytes: Uint8Array): SentencePiece {
  const piece = { piece: '', score: 0, type: PieceType.normal as number }
  readMessage(bytes, {
    1: [WireType.LengthDelimited, (reader) => (piece.piece = strict.decode(reader.bytes()))],
    2: [WireType.Bit32, (reader) => (piece.score = reader.float())],
    3: [WireType.Varint, (reader) => (piece.type = reader.int32())],
  })
  return piece
}

/**
 * Reads a model of SentencePiece, a protocol buffer (sentencepiece_model.proto).
 * @param file named in the error
 * @throws TokenizerError for bytes that are no such model
 */
export function readSentencePieceModel(bytes: Uint8Array, file: string): SentencePieceModel {
  const pieces: SentencePiece[] = []
  const model = { modelType: 1, byteFallback: false, unknownPiece: '<unk>', charsmap: new Uint8Array() }
  try {
    readMessage(bytes, {
      1: [WireType.LengthDelimited, (reader) => pieces.push(readPiece(reader.bytes()))],
      2: [
        WireType.LengthDelimited,
        (trainer) =>
          readMessage(trainer.bytes(), {
            3: [WireType.Varint, (reader) => (model.modelType = reader.int32())],
            35: [WireType.Varint, (reader) => (model.byteFallback = reader.bool())],
            45: [WireType.LengthDelimited, (reader) => (model.unknownPiece = strict.decode(reader.bytes()))],
          }),
      ],
      3: [
        WireType.LengthDelimited,
        (normalizer) =>
          readMessage(normalizer.bytes(), {
            2: [WireType.LengthDelimited, (reader) => (model.charsmap = new Uint8Array(reader.bytes()))],
          }),
      ],
    })
  } catch (error) {
    throw new TokenizerError(`${file} is no SentencePiece model: ${(error as Error).message}`, {
      cause: error,
      hint: 'download it again',
    })
  }
  if (pieces.length === 0) throw new TokenizerError(`${file} is no SentencePiece model: it has no pieces`)
  return { ...model, pieces }
}
