/**
 * Every error that robertorch raises on purpose. `code` is stable and meant for programs, `message` names the
 * offending value and its limit, `hint` names the command or option that helps.
 */

/** Options shared by all robertorch errors. */
export interface RobertorchErrorOptions extends ErrorOptions {
  /** What to do about it: a command, an option, a value. */
  hint?: string
  /** LibTorch's C++ back-trace, kept out of the message. */
  nativeTrace?: string
}

/** Base class of every error thrown by this package. */
export class RobertorchError extends Error {
  readonly code: string
  readonly hint?: string
  readonly nativeTrace?: string

  constructor(code: string, message: string, options: RobertorchErrorOptions = {}) {
    super(options.hint ? `${message}\n  hint: ${options.hint}` : message, options)
    this.code = code
    if (options.hint !== undefined) this.hint = options.hint
    if (options.nativeTrace !== undefined) {
      // Not enumerable: it would fill the screen whenever the error is printed.
      Object.defineProperty(this, 'nativeTrace', { value: options.nativeTrace, enumerable: false })
    }
  }

  override get name(): string {
    return this.constructor.name
  }
}

const withCode = (code: string) =>
  class extends RobertorchError {
    constructor(message: string, options?: RobertorchErrorOptions) {
      super(code, message, options)
    }
  }

/** The addon or one of LibTorch's libraries could not be loaded. */
export class LoadError extends withCode('ERR_LOAD') {}
/** No LibTorch was found in any of the places searched. */
export class LibtorchNotFoundError extends withCode('ERR_LIBTORCH_NOT_FOUND') {}
/** LibTorch's version differs from the one that the addon was compiled against. */
export class LibtorchVersionError extends withCode('ERR_LIBTORCH_VERSION') {}
/** The operating system, CPU, compiler or another build tool is missing or not supported. */
export class BuildError extends withCode('ERR_BUILD') {}
/** A download failed: no network, a wrong checksum, no space left. */
export class DownloadError extends withCode('ERR_DOWNLOAD') {}
/** A device does not exist or does not fit the other operands. */
export class DeviceError extends withCode('ERR_DEVICE') {}
/** The allocator could not provide the memory asked for. */
export class OutOfMemoryError extends withCode('ERR_OUT_OF_MEMORY') {}
/** torch.linalg.LinAlgError: a matrix is singular, not positive definite, or an algorithm did not converge. */
export class LinAlgError extends withCode('ERR_LINALG') {}
/** Shapes do not fit together. */
export class ShapeError extends withCode('ERR_SHAPE') {}
/** A dtype is unknown or does not fit. */
export class DTypeError extends withCode('ERR_DTYPE') {}
/** An index, token id, position or label lies outside its range. */
export class IndexError extends withCode('ERR_INDEX') {}
/** An argument has the wrong type or value (Python's TypeError and ValueError). */
export class ArgumentError extends withCode('ERR_ARGUMENT') {}
/** A model's configuration is missing, incomplete or inconsistent. */
export class ConfigError extends withCode('ERR_CONFIG') {}
/** A weights file is missing, damaged, hostile or does not fit the model. */
export class CheckpointError extends withCode('ERR_CHECKPOINT') {}
/** A weights file wants something run or made that is more than data; nothing of it was run. */
export class UnsafeFileError extends CheckpointError {
  override readonly code: string = 'ERR_UNSAFE_FILE'
}
/** A model could not be brought from the hub; the classes below say why. */
export class HubError extends withCode('ERR_HUB') {}
/** The hub has no such model, revision or file, or does not show it without a token. */
export class HubNotFoundError extends HubError {
  override readonly code: string = 'ERR_HUB_NOT_FOUND'
}
/** The access token is missing or refused, or the model's terms are not accepted yet. */
export class HubAccessError extends HubError {
  override readonly code: string = 'ERR_HUB_ACCESS'
}
/** No network, no answer in time, or a server that fails; every retry is over. */
export class HubConnectionError extends HubError {
  override readonly code: string = 'ERR_HUB_CONNECTION'
}
/** No request may be sent, and the cache lacks the files. */
export class HubOfflineError extends HubError {
  override readonly code: string = 'ERR_HUB_OFFLINE'
}
/** The cache cannot be written: the disk is full or the folder is not ours. */
export class HubCacheError extends HubError {
  override readonly code: string = 'ERR_HUB_CACHE'
}
/** A tokenizer file is missing or damaged, or a text cannot be encoded as asked. */
export class TokenizerError extends withCode('ERR_TOKENIZER') {}
/** A data set's file or folder is missing or damaged, or its columns do not fit what is asked of them. */
export class DatasetError extends withCode('ERR_DATASET') {}
/** Where a row stands that cannot be used. */
export interface RowPlace {
  readonly file?: string
  /** From 1 on: the line in a file of text, the row in any other. */
  readonly row?: number
  readonly column?: string
}
/** A row of a data set is damaged or of another kind than its columns. */
export class CorruptRowError extends DatasetError {
  override readonly code: string = 'ERR_CORRUPT_ROW'
  readonly file?: string
  readonly row?: number
  readonly column?: string

  constructor(message: string, options: RobertorchErrorOptions & RowPlace = {}) {
    super(message, options)
    const { file, row, column } = options
    Object.assign(this, { file, row, column })
  }
}
/** A tensor or model was used after `dispose()`. */
export class DisposedError extends withCode('ERR_DISPOSED') {}
/** The work was cancelled through an `AbortSignal`. */
export class AbortedError extends withCode('ERR_ABORTED') {}
/** torch.testing: values are not close (Python's AssertionError). */
export class AssertionError extends withCode('ERR_ASSERTION') {}
/** torch.autograd.gradcheck: analytical and numerical gradients differ. */
export class GradcheckError extends withCode('ERR_GRADCHECK') {}
/** An executor's queue is full. */
export class QueueFullError extends withCode('ERR_QUEUE_FULL') {}
/** Any other error raised inside LibTorch. */
export class TorchError extends withCode('ERR_TORCH') {}
