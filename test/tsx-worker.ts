/** Worker threads that run TypeScript. */

import { type ResourceLimits, Worker } from 'node:worker_threads'

/** The hooks that `--import tsx` installs do not reach the first module of a worker on Node 20. */
export function tsxWorker(url: string, workerData: unknown, resourceLimits?: ResourceLimits): Worker {
  const bootstrap = `import('tsx/esm/api').then((tsx) => {
    tsx.register()
    return import(${JSON.stringify(url)})
  })`
  return new Worker(bootstrap, { eval: true, execArgv: [], workerData, resourceLimits })
}
