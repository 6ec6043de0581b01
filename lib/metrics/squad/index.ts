export { compute_exact, compute_f1, normalize_answer } from './answers.js'
export { type SquadOptions, type SquadReference, squad_evaluate, squad_v1_evaluate } from './evaluate.js'
