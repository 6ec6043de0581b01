/** What sentence-transformers adds to a transformer: vectors of whole texts, and how alike they are. */

export {
  poolingOnly,
  readSentenceFolder,
  type SentenceFolder,
  type SentenceModules,
  sentenceEmbeddings,
  wantedSentenceModules,
} from './modules.js'
export { type PoolingMode, poolingModes } from './pooling.js'
export { type SearchHit, type SemanticSearchOptions, semantic_search } from './semantic-search.js'
export {
  cos_sim,
  dot_score,
  type Embeddings,
  pairwise_cos_sim,
  pairwise_dot_score,
  type ScoreFunction,
} from './similarity.js'
export { type SimilarityName, similarityNames, vectorSimilarity } from './vector-similarity.js'
