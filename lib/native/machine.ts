import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import os from 'node:os'
import process from 'node:process'

/** Instruction sets that decide which kernels LibTorch, oneDNN and MKL choose, by Linux's names. */
const features = /^(sse4_2|avx|avx2|fma|f16c|avx512\w+|avx_vnni|avx_ifma|amx_\w+|asimd\w*|sve\w*|bf16|i8mm)$/

/** The instruction sets that matter here and that this CPU has; undefined where the system does not tell. */
export function cpuFeatures(): string | undefined {
  if (process.platform === 'linux') {
    const flags = /^(?:flags|Features)\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]
    return flags
      ?.split(' ')
      .filter((flag) => features.test(flag))
      .join(' ')
  }
  if (process.platform === 'darwin') {
    return (
      firstLine('sysctl', ['-n', 'machdep.cpu.leaf7_features']) ??
      firstLine('sysctl', ['-n', 'hw.optional.arm.FEAT_BF16'])
    )
  }
  return undefined
}

/** The first line that a program prints, undefined when it does not run: used to ask tools for their versions. */
export function firstLine(program: string, args: readonly string[] = ['--version']): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' })
  return status === 0 ? stdout.split('\n')[0]?.trim() : undefined
}

/** Model name of the first CPU. */
export function cpuModel(): string {
  return os.cpus()[0]?.model.trim() ?? 'unknown'
}

const variables =
  /^(ROBERTORCH_\w+|LIBTORCH\w*|OMP_\w+|GOMP_\w+|KMP_\w+|MKL_\w+|ONEDNN_\w+|DNNL_\w+|ATEN_\w+|MALLOC_\w+|GLIBC_TUNABLES|LD_PRELOAD|LD_LIBRARY_PATH|DYLD_\w+|CUDA_VISIBLE_DEVICES|TORCH_\w+|UV_THREADPOOL_SIZE)$/

/** The environment variables that change how LibTorch is found, loaded or run. */
export function relevantEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const chosen = Object.entries(env).filter(([name, value]) => variables.test(name) && value !== undefined)
  return Object.fromEntries(chosen) as Record<string, string>
}
