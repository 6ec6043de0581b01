import type { PipelineTask } from '../../../../lib/index.js'

/** A call of a pipeline. */
export interface PipelineCase {
  name: string
  task: PipelineTask
  /** A name of models.ts. */
  model: string
  /** Options of the pipeline. */
  options?: Record<string, unknown>
  inputs: unknown
  /** Options of the call. */
  call?: Record<string, unknown>
}

type Rest = Omit<PipelineCase, 'name' | 'task' | 'model'>

/** Cases of a task, named after their model and what they are about. */
export const named =
  (task: PipelineTask) =>
  (model: string, what: string, rest: Rest): PipelineCase => ({
    name: `${task}/${model}/${what}`,
    task,
    model,
    ...rest,
  })
