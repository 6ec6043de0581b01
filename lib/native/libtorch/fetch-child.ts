// The process that fetchLibtorch starts: the folder, or the reason of a failure as JSON, on the standard output.

import process from 'node:process'

import { RobertorchError } from '../../errors.js'
import { installLibtorch } from './install.js'

/** What this process writes when it cannot bring LibTorch. */
export interface InstallFailure {
  message: string
  hint?: string
}

try {
  process.stdout.write(await installLibtorch())
} catch (error) {
  const { message } = error as Error
  const failure: InstallFailure =
    error instanceof RobertorchError && error.hint !== undefined
      ? { message: message.slice(0, message.lastIndexOf('\n  hint: ')), hint: error.hint }
      : { message }
  process.stdout.write(JSON.stringify(failure))
  process.exitCode = 1
}
