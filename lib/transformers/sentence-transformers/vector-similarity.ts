/** How alike two vectors are, by the functions that sentence-transformers models are made for. */

/** Distances count with a minus sign, so that more is always more alike. */
export type SimilarityName = 'cosine' | 'dot' | 'euclidean' | 'manhattan'

const functions: Readonly<Record<SimilarityName, (a: Float32Array, b: Float32Array) => number>> = {
  cosine: (a, b) => dot(a, b) / (length(a) * length(b)),
  dot: (a, b) => dot(a, b),
  euclidean: (a, b) => -Math.sqrt(sum(a, (x, i) => (x - at(b, i)) ** 2)),
  manhattan: (a, b) => -sum(a, (x, i) => Math.abs(x - at(b, i))),
}

export const similarityNames = Object.keys(functions) as SimilarityName[]

/** The similarity of two vectors of one length. */
export const vectorSimilarity = (name: SimilarityName, a: Float32Array, b: Float32Array): number =>
  functions[name](a, b)

const at = (vector: Float32Array, i: number) => vector[i] as number
const dot = (a: Float32Array, b: Float32Array) => sum(a, (x, i) => x * at(b, i))
// As there, a vector of zeros is like nothing.
const length = (a: Float32Array) => Math.max(Math.sqrt(dot(a, a)), 1e-12)

function sum(vector: Float32Array, term: (value: number, i: number) => number): number {
  let total = 0
  for (let i = 0; i < vector.length; i++) total += term(at(vector, i), i)
  return total
}
