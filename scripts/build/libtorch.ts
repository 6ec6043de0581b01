import { LibtorchNotFoundError } from '../../lib/errors.js'
import { inspectLibtorch, type Libtorch } from '../../lib/native/libtorch/inspect.js'
import { installLibtorch } from '../../lib/native/libtorch/install.js'
import { libtorchVersion } from '../../lib/native/libtorch/release.js'
import { searchLibtorch } from '../../lib/native/libtorch/search.js'
import { formatSteps, type Step } from '../../lib/native/step.js'

/**
 * LibTorch with its headers: found where run time would find it, else fetched into the user cache.
 *
 * @throws LibtorchNotFoundError when the one found has no headers (a distribution's run-time package, say).
 */
export async function provideLibtorch(): Promise<Libtorch> {
  const steps: Step[] = []
  const found =
    searchLibtorch({ version: libtorchVersion, steps }) ?? inspectLibtorch(await installLibtorch())
  if (typeof found === 'string') throw new LibtorchNotFoundError(`${found}\n${formatSteps(steps)}`)
  if (found.hasHeaders) return found
  throw new LibtorchNotFoundError(`${found.folder} has no headers (include/torch)\n${formatSteps(steps)}`, {
    hint: 'set ROBERTORCH_LIBTORCH to a complete LibTorch, or unset the variable that leads to this one',
  })
}
