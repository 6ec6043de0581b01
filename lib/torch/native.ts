/** The addon with its errors turned into the classes of lib/errors.ts. */

import process from 'node:process'

import * as errors from '../errors.js'
import { native } from '../native/index.js'

type Kind = Exclude<
  {
    [K in keyof typeof errors]: (typeof errors)[K] extends typeof errors.TorchError ? K : never
  }[keyof typeof errors],
  undefined
>

native.setErrorFactory((kind, message, hint, trace) => {
  const ErrorClass = errors[kind as Kind] ?? errors.TorchError
  return new ErrorClass(message, { hint: hint || undefined, nativeTrace: trace || undefined })
})

// process.exit() in the middle of an asynchronous call: it must leave LibTorch before the process tears LibTorch down.
process.once('exit', () => native.shutDown())

export { native }
