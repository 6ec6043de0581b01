import process from 'node:process'

import { Command } from 'commander'
import { LibtorchNotFoundError } from '../errors.js'
import { installLibtorch } from '../native/libtorch/install.js'
import { libtorchVersion } from '../native/libtorch/release.js'
import { searchLibtorch } from '../native/libtorch/search.js'
import { formatSteps, type Step } from '../native/step.js'

/** `robertorch libtorch install|path`: the folder is printed alone on the standard output, for scripts. */
export function libtorchCommand(): Command {
  const command = new Command('libtorch').description(`fetch or locate LibTorch ${libtorchVersion}`)

  command
    .command('install')
    .description('put LibTorch into the user cache (ROBERTORCH_CACHE); does nothing when it is there')
    .action(async () => {
      process.stdout.write(`${await installLibtorch()}\n`)
    })

  command
    .command('path')
    .description('print the folder that would be loaded; fails where a download is needed')
    .action(() => {
      const steps: Step[] = []
      const found = searchLibtorch({ version: libtorchVersion, steps })
      if (found === undefined) {
        throw new LibtorchNotFoundError(
          `LibTorch ${libtorchVersion} is not on this machine\n${formatSteps(steps)}`,
          {
            hint: 'run `npx robertorch libtorch install`',
          },
        )
      }
      process.stdout.write(`${found.folder}\n`)
    })

  return command
}
