/** What a branch or tag stands for at the moment. */

import { HubError } from '../errors.js'
import { isCommit } from './cache.js'
import type { HubSession } from './session.js'

export interface Revision {
  commit: string
  /** Paths of all files of the commit. */
  files: ReadonlySet<string>
}

/**
 * Asks for the commit of a revision, and its files, in one request.
 *
 * @throws HubError for an answer that is none of a hub; AnswerError and others as HubSession.
 */
export async function fetchRevision(session: HubSession, id: string, revision: string): Promise<Revision> {
  const { endpoint } = session.settings
  // Loaded only now: folders and cached models are opened without it.
  const { modelInfo } = await import('@huggingface/hub')
  const ask: typeof fetch = async (url) => {
    const { status, text } = await session.ask('GET', String(url))
    return new Response(text, { status })
  }
  const info = await modelInfo({
    name: id,
    revision,
    hubUrl: endpoint,
    additionalFields: ['sha', 'filePaths'],
    fetch: ask,
  }).catch((error: unknown) => {
    // What the hub's package throws when it cannot read an answer.
    if (error instanceof SyntaxError || error instanceof TypeError) throw noHub(endpoint, error)
    throw error
  })
  const files: unknown[] = info.filePaths
  if (!isCommit(String(info.sha)) || !files.every((path) => typeof path === 'string')) throw noHub(endpoint)
  return { commit: String(info.sha), files: new Set(info.filePaths) }
}

const noHub = (endpoint: string, cause?: Error) =>
  new HubError(`the answer of ${endpoint} does not describe a model's revision`, {
    cause,
    hint: 'HF_ENDPOINT must be a server with the API of the Hugging Face hub; a proxy may answer in its place',
  })
