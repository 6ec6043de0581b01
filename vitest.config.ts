import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vitest/config'

const seconds = 1000

/**
 * One project per tier, so that `vitest run --project unit` works where nothing is built yet.
 *
 * Forks, because a crash inside the addon must end one file and not the run. Tiers that use the addon run one file at
 * a time: LibTorch takes all cores for each operator, and figures of memory and bits depend on the number of threads.
 */
const tier = (name: string, testTimeout: number, maxWorkers?: number) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    ...(maxWorkers === undefined ? {} : { maxWorkers }),
  },
})

export default defineConfig({
  resolve: { alias: { robertorch: fileURLToPath(new URL('lib/index.ts', import.meta.url)) } },
  test: {
    pool: 'forks',
    projects: [
      tier('unit', 30 * seconds),
      tier('native', 120 * seconds, 1),
      tier('stress', 600 * seconds, 1),
      tier('gpu', 120 * seconds, 1),
    ],
  },
})
