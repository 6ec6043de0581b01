/** What goes wrong between here and the hub, as errors that say what to do. */

import type { IncomingHttpHeaders } from 'node:http'

import {
  HubAccessError,
  HubCacheError,
  HubConnectionError,
  HubError,
  HubNotFoundError,
  RobertorchError,
} from '../errors.js'
import { AnswerError, WrongContentError } from '../transfer.js'
import { type HubSettings, repositoryPage } from './settings.js'

/** What was asked for. */
export interface Subject {
  id: string
  settings: HubSettings
}

const again = 'run the same again: a download goes on where it stopped'
const diskCodes =
  /^(ENOSPC|EDQUOT|EFBIG|EACCES|EPERM|EROFS|EIO|ENOENT|ENOTDIR|EISDIR|EEXIST|ENAMETOOLONG|EMFILE)$/
const noNetworkCodes = /^(ENOTFOUND|EAI_\w+|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ENETDOWN)$/
const certificateCodes = /CERT|SELF_SIGNED|^ERR_TLS|^ERR_SSL|UNABLE_TO/

/** Statuses of a server that may do better a moment later. */
export const isTransientStatus = (status: number): boolean => [408, 429, 500, 502, 503, 504].includes(status)

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '')

/** Whether to ask again may help; a network that is not there is not waited for. */
export function isTransient(error: unknown): boolean {
  if (error instanceof AnswerError) return isTransientStatus(error.status)
  if (error instanceof RobertorchError || error instanceof WrongContentError) return false
  const code = codeOf(error)
  return ![diskCodes, noNetworkCodes, certificateCodes].some((codes) => codes.test(code))
}

/**
 * Whether the cache may stand in: the hub is out of reach, or shows nothing of the model, as it does where a token is
 * missing. As in huggingface_hub, what it says about a revision or a file is believed.
 */
export function isOutOfReach(error: unknown): boolean {
  if (error instanceof AnswerError) {
    return !['RevisionNotFound', 'EntryNotFound'].includes(String(error.headers['x-error-code']))
  }
  if (error instanceof RobertorchError || error instanceof WrongContentError) return false
  return !diskCodes.test(codeOf(error))
}

/** As huggingface_hub's `hf_raise_for_status`, by the hub's own error code where it gives one. */
function answerFailure(status: number, headers: IncomingHttpHeaders, { id, settings }: Subject): HubError {
  const { endpoint, revision, token } = settings
  const code = headers['x-error-code']
  const said = headers['x-error-message'] ? `: ${headers['x-error-message']}` : ''
  const page = repositoryPage(settings, id)
  const kind = settings.repositoryType === 'dataset' ? 'data set' : 'model'
  if (code === 'RevisionNotFound') {
    return new HubNotFoundError(`${id} has no revision '${revision}'`, {
      hint: `revision is a branch, a tag or a commit; ${page}/commits/main shows them`,
    })
  }
  if (code === 'EntryNotFound') {
    return new HubNotFoundError(`a file of ${id} is gone${said}`, {
      hint: `${page}/tree/${revision} shows its files`,
    })
  }
  if (code === 'GatedRepo') {
    return new HubAccessError(`${id} is open only to those who accept its terms${said}`, {
      hint: `accept them at ${page}, then give that account's token: HF_TOKEN or { token: 'hf_…' }`,
    })
  }
  const badToken = status === 401 && /invalid credentials/i.test(said)
  if (status === 403 || badToken) {
    return new HubAccessError(`${endpoint} refuses access to ${id} (${status})${said}`, {
      hint:
        token === undefined
          ? "give a token: HF_TOKEN or { token: 'hf_…' }"
          : 'the token may be wrong, expired or lack the right to read; { token: false } sends none',
    })
  }
  if (status === 401 || status === 404) {
    return new HubNotFoundError(
      `there is neither a folder ${id} here nor a ${kind} of this name at ${endpoint}`,
      {
        hint: `check the spelling; a folder can be written ./${id}; a private ${kind} needs HF_TOKEN or { token: 'hf_…' }`,
      },
    )
  }
  if (status === 429) {
    return new HubConnectionError(`${endpoint} had too many requests from here (429)`, {
      hint: 'wait some minutes; with HF_TOKEN the limit is higher',
    })
  }
  if (status >= 500 || status === 408) {
    return new HubConnectionError(`${endpoint} answered ${status}${said}`, {
      hint: `${again}; HF_HUB_OFFLINE=1 uses what is cached`,
    })
  }
  return new HubError(`${endpoint} answered ${status}${said}`, {
    hint: 'is HF_ENDPOINT a server of this kind?',
  })
}

function diskFailure(error: Error, { settings }: Subject): HubCacheError {
  const full = /ENOSPC|EDQUOT/.test(codeOf(error))
  return new HubCacheError(
    full
      ? `the disk of the cache ${settings.cacheDir} is full`
      : `the cache ${settings.cacheDir} cannot be written: ${error.message}`,
    {
      cause: error,
      hint: `${full ? 'free some space' : 'make it writable'}, or set HF_HOME or { cache_dir } to another folder`,
    },
  )
}

/** The error to throw for whatever happened while a model was brought. */
export function hubFailure(error: unknown, subject: Subject): RobertorchError {
  if (error instanceof RobertorchError) return error
  if (error instanceof AnswerError) return answerFailure(error.status, error.headers, subject)
  const { endpoint } = subject.settings
  const { message } = error as Error
  if (error instanceof WrongContentError) {
    return new HubError(`${endpoint} sends something else than ${subject.id}: ${message}`, {
      cause: error,
      hint: 'a proxy or mirror may alter files: look at HF_ENDPOINT and HTTPS_PROXY',
    })
  }
  const code = codeOf(error)
  if (diskCodes.test(code)) return diskFailure(error as Error, subject)
  const reason = message || code || String(error)
  if (certificateCodes.test(code)) {
    return new HubConnectionError(`the certificate of ${endpoint} is not trusted: ${reason}`, {
      cause: error,
      hint: "behind a company's proxy, NODE_EXTRA_CA_CERTS names its certificate",
    })
  }
  return new HubConnectionError(`${endpoint} could not be reached for ${subject.id}: ${reason}`, {
    cause: error,
    hint: `check the network, HTTPS_PROXY and HF_ENDPOINT, then ${again}; a folder can be written ./${subject.id}`,
  })
}
