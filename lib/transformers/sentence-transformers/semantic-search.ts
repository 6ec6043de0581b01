/** Looking for vectors that are alike. */

import { setImmediate } from 'node:timers/promises'

import { ArgumentError } from '../../errors.js'
import { torch } from '../../torch/index.js'
import { no_grad, scope } from '../../torch/modes.js'
import type { Tensor } from '../../torch/tensor.js'
import { cos_sim, type Embeddings, matrix, type ScoreFunction } from './similarity.js'

/** A vector that was found. */
export interface SearchHit {
  /** Index in the corpus. */
  corpus_id: number
  score: number
}

export interface SemanticSearchOptions {
  /** Hits of each query at most. Default 10. */
  top_k?: number
  /** Default `cos_sim`. */
  score_function?: ScoreFunction
  /** Queries at a time. Default 100. */
  query_chunk_size?: number
  /** Vectors of the corpus at a time; between two of them others have their turn. Default 16384. */
  corpus_chunk_size?: number
}

/**
 * sentence_transformers.util.semantic_search: for each query the vectors of a corpus that are most like it, by comparing
 * with all of them.
 *
 * @returns for each query its hits, the best first
 * @throws ArgumentError for numbers that are none, ShapeError for vectors of different lengths
 */
export async function semantic_search(
  query_embeddings: Embeddings,
  corpus_embeddings: Embeddings,
  options: SemanticSearchOptions = {},
): Promise<SearchHit[][]> {
  const { top_k = 10, score_function = cos_sim } = options
  const { query_chunk_size = 100, corpus_chunk_size = 16_384 } = options
  for (const [name, value] of Object.entries({ top_k, query_chunk_size, corpus_chunk_size })) {
    if (Number.isSafeInteger(value) && value > 0) continue
    throw new ArgumentError(`${name} must be a whole number, 1 or more, is ${value}`)
  }
  const corpus = matrix(corpus_embeddings, 'corpus_embeddings')
  const queries = matrix(query_embeddings, 'query_embeddings').to(corpus.device)
  const answers: SearchHit[][] = []
  for (let query = 0; query < queries.size(0); query += query_chunk_size) {
    const some = part(queries, query, query_chunk_size)
    const found = Array.from({ length: some.size(0) }, (): SearchHit[] => [])
    for (let start = 0; start < corpus.size(0); start += corpus_chunk_size) {
      const best = bestOf(some, part(corpus, start, corpus_chunk_size), top_k, score_function)
      for (const [i, hits] of found.entries()) {
        hits.push(...(best[i] ?? []).map(({ corpus_id, score }) => ({ corpus_id: corpus_id + start, score })))
        hits.sort((a, b) => b.score - a.score).splice(top_k)
      }
      await setImmediate()
    }
    answers.push(...found)
  }
  return answers
}

const part = (vectors: Tensor, start: number, size: number) =>
  vectors.narrow(0, start, Math.min(size, vectors.size(0) - start))

function bestOf(queries: Tensor, corpus: Tensor, top_k: number, score: ScoreFunction): SearchHit[][] {
  const [values, ids] = no_grad(() =>
    scope(() => {
      const [best, places] = torch.topk(score(queries, corpus), Math.min(top_k, corpus.size(0)), 1)
      return [best.tolist(), places.tolist()] as [number[][], number[][]]
    }),
  )
  return values.map((row, i) =>
    row.map((score, j) => ({ corpus_id: Number((ids[i] as number[])[j]), score })),
  )
}
