export { accuracy_score } from './accuracy.js'
export { type ConfusionMatrixOptions, confusion_matrix } from './confusion-matrix.js'
export { type F1Options, f1_score } from './f1.js'
export type { Labels } from './labels.js'
