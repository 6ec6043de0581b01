/** What a branch or tag stands for at the moment. */

import { HubError } from '../errors.js'
import { isCommit } from './cache.js'
import type { HubSession } from './session.js'
import type { HubSettings } from './settings.js'

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
  const { endpoint, repositoryType } = session.settings
  if (repositoryType === 'dataset') return fetchDatasetRevision(session, id, revision)
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
    if (error instanceof SyntaxError || error instanceof TypeError) throw noHub(session.settings, error)
    throw error
  })
  const files: unknown[] = info.filePaths
  if (!isCommit(String(info.sha)) || !files.every((path) => typeof path === 'string'))
    throw noHub(session.settings)
  return { commit: String(info.sha), files: new Set(info.filePaths) }
}

// The hub's package can list the files of a model in this request, and of a data set only page by page in others.
async function fetchDatasetRevision(session: HubSession, id: string, revision: string): Promise<Revision> {
  const { endpoint } = session.settings
  const url = `${endpoint}/api/datasets/${id}/revision/${encodeURIComponent(revision)}`
  const { text } = await session.ask('GET', url)
  let info: { sha?: unknown; siblings?: unknown }
  try {
    info = JSON.parse(text)
  } catch (error) {
    throw noHub(session.settings, error as Error)
  }
  const siblings = Array.isArray(info?.siblings) ? info.siblings : [undefined]
  const files = siblings.map((file: { rfilename?: unknown } | undefined) => file?.rfilename)
  if (!isCommit(String(info?.sha)) || !files.every((path) => typeof path === 'string'))
    throw noHub(session.settings)
  return { commit: String(info.sha), files: new Set(files) }
}

const noHub = ({ endpoint, repositoryType }: HubSettings, cause?: Error) =>
  new HubError(
    `the answer of ${endpoint} does not describe a ${repositoryType === 'dataset' ? 'data set' : 'model'}'s revision`,
    {
      cause,
      hint: 'HF_ENDPOINT must be a server with the API of the Hugging Face hub; a proxy may answer in its place',
    },
  )
