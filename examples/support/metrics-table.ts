import Table from 'cli-table3'
import { metrics } from 'robertorch'

/** Accuracy, F1 of class 1 and the confusion matrix as text for a terminal. */
export function metricsTable(names: readonly string[], truth: number[], predicted: number[]): string {
  const table = new Table({
    head: ['', ...names.map((name) => `predicted ${name}`)],
    style: { head: [], border: [] },
  })
  metrics.confusion_matrix(truth, predicted, { num_labels: names.length }).forEach((row, label) => {
    table.push([
      `true ${names[label]}`,
      ...row.map((count) => ({ content: count, hAlign: 'right' as const })),
    ])
  })
  const commonest =
    Math.max(...names.map((_, label) => truth.filter((y) => y === label).length)) / truth.length
  return [
    `accuracy ${percent(metrics.accuracy_score(truth, predicted))} (always the commoner class: ${percent(commonest)})`,
    `F1       ${percent(metrics.f1_score(truth, predicted))} (${names[1]})`,
    table.toString(),
  ].join('\n')
}

/** `97.8 %` */
export const percent = (part: number) => `${(100 * part).toFixed(1)} %`
