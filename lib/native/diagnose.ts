import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

import { RobertorchError } from '../errors.js'
import type { Native } from './addon.js'
import { type LoadReport, loadAddon } from './load.js'
import { cpuFeatures, cpuModel, firstLine, relevantEnvironment } from './machine.js'
import { packageRoot } from './paths.js'
import { glibcVersion, platformKey } from './platform.js'
import { formatSteps, type Step } from './step.js'

/** Everything that a bug report needs. A value of null means that it could not be found out. */
export interface Diagnosis {
  versions: Record<string, string | null>
  machine: Record<string, string | number | null>
  threads: Record<string, string | number | null>
  allocator: Record<string, string | null>
  environment: Record<string, string>
  /** `on`, or why CUDA is off. */
  cuda: string
  steps: Step[]
  /** Why the addon does not load; null when it does. */
  error: { code: string; message: string } | null
}

/** Loads the addon, whatever comes of it, and describes the machine. Never throws because of a failed load. */
export function diagnose(): Diagnosis {
  const report: LoadReport = { steps: [] }
  let native: Native | undefined
  let error: Diagnosis['error'] = null
  try {
    native = loadAddon(report)
  } catch (thrown) {
    // The steps stand in the diagnosis already.
    const message = (thrown as Error).message.replace(`\n${formatSteps(report.steps)}`, '')
    error = { code: thrown instanceof RobertorchError ? thrown.code : 'ERR_UNKNOWN', message }
  }
  const info = native?.runtimeInfo()

  return {
    versions: {
      robertorch: (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string })
        .version,
      'Node.js': process.versions.node,
      'Node-API': process.versions.napi ?? null,
      LibTorch: report.libtorch?.version ?? null,
      'LibTorch compiled against': report.compiledTorchVersion ?? null,
      glibc: glibcVersion() ?? null,
      compiler: firstLine(process.env.CXX || 'c++') ?? null,
      CMake: firstLine('cmake') ?? null,
    },
    machine: {
      system: `${platformKey}, ${os.type()} ${os.release()}`,
      container: existsSync('/.dockerenv') ? 'yes' : 'no',
      CPU: cpuModel(),
      'CPU features': cpuFeatures() ?? null,
      'kernels that LibTorch chose': info?.cpuCapability ?? null,
      'memory, GB': Number((os.totalmem() / 1e9).toFixed(1)),
    },
    threads: {
      'CPUs of this process': os.availableParallelism(),
      'threads per operator': native?.getNumThreads() ?? null,
      'OpenMP, MKL, oneDNN': info === undefined ? null : libraryLines(info.parallel),
    },
    allocator: { 'C library': info?.malloc ?? null, preloaded: process.env.LD_PRELOAD ?? 'none' },
    environment: relevantEnvironment(),
    cuda: native === undefined ? 'unknown: the addon does not load' : (report.cudaOff ?? 'on'),
    steps: report.steps,
    error,
  }
}

/** From LibTorch's report on parallelism, the lines that name a library and its version. */
function libraryLines(report: string): string {
  return report
    .split('\n')
    .filter((line) => /^(OpenMP|Intel)/.test(line))
    .join('; ')
}
