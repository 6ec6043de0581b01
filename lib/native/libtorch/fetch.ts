import { spawnSync } from 'node:child_process'
import process from 'node:process'

import { LibtorchNotFoundError } from '../../errors.js'
import { codeFile } from '../paths.js'
import { formatSteps, type Step } from '../step.js'
import type { InstallFailure } from './fetch-child.js'
import { inspectLibtorch, type Libtorch, sameRelease } from './inspect.js'
import { libtorchVersion } from './release.js'

/**
 * Downloads LibTorch on first use. Importing a module must stay synchronous (`require` of an ES module, CommonJS
 * bundles), so a child process does the work and its progress appears on the standard error output.
 *
 * `ROBERTORCH_DOWNLOAD=0` turns it off, for machines that must not fetch anything by themselves.
 *
 * @throws LibtorchNotFoundError with every step.
 */
export function fetchLibtorch(version: string, steps: Step[]): Libtorch {
  const what = 'download'
  const fail = (detail: string, hint: string) => {
    steps.push({ what, outcome: 'failed', detail })
    return new LibtorchNotFoundError(`LibTorch ${version} was not found: ${detail}\n${formatSteps(steps)}`, {
      hint,
    })
  }
  if (process.env.ROBERTORCH_DOWNLOAD === '0') {
    throw fail('ROBERTORCH_DOWNLOAD=0 forbids to fetch it', 'run `npx robertorch libtorch install` once')
  }
  if (!sameRelease(version, libtorchVersion)) {
    const hint = `set ROBERTORCH_LIBTORCH to a LibTorch ${version}, or rebuild with \`npm run build\``
    throw fail(`only LibTorch ${libtorchVersion} can be fetched`, hint)
  }

  const entry = codeFile('native/libtorch/fetch-child')
  const typescript = entry.endsWith('.ts') ? ['--import', 'tsx'] : []
  const child = spawnSync(process.execPath, [...typescript, entry], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.status !== 0) {
    const { message, hint } = parseFailure(child.stdout)
    throw fail(message, hint ?? 'run `npx robertorch libtorch install` to try again')
  }
  const found = inspectLibtorch(child.stdout.trim())
  if (typeof found === 'string') throw fail(found, 'run `npx robertorch libtorch install` to try again')
  steps.push({ what, outcome: 'ok', detail: found.folder })
  return found
}

function parseFailure(output: string): InstallFailure {
  try {
    return JSON.parse(output) as InstallFailure
  } catch {
    return { message: 'the process that fetches LibTorch ended without a result' }
  }
}
