/** What the hub says about a file before it is downloaded. */

import { HubError } from '../errors.js'
import type { HubSession } from './session.js'
import { repositoryPage } from './settings.js'

export interface RemoteFile {
  path: string
  commit: string
  url: string
  /** Names the content: its SHA-256 where `isSha256`, else its id in git. */
  etag: string
  isSha256: boolean
  /** Bytes. */
  size: number
}

/** huggingface_hub `_normalize_etag`. It becomes a file's name, so nothing else may be in it. */
export function readEtag(header: unknown): string | undefined {
  const etag = typeof header === 'string' ? header.replace(/^W\//, '').replace(/^"|"$/g, '') : ''
  return /^\w[\w.-]{0,127}$/.test(etag) ? etag : undefined
}

/** huggingface_hub `get_hf_file_metadata`. @throws HubError for a file without size or ETag, or of another commit. */
export async function describeFile(
  session: HubSession,
  id: string,
  commit: string,
  path: string,
): Promise<RemoteFile> {
  const inner = path.split('/').map(encodeURIComponent).join('/')
  const url = `${repositoryPage(session.settings, id)}/resolve/${commit}/${inner}`
  const { headers } = await session.ask('HEAD', url)
  // Of a file in large storage the redirection tells; its target would tell of itself.
  const linked = readEtag(headers['x-linked-etag'])
  const etag = linked ?? readEtag(headers.etag)
  const size = Number(headers['x-linked-size'] ?? headers['content-length'] ?? Number.NaN)
  const fault =
    headers['x-repo-commit'] !== commit
      ? `is of the commit ${headers['x-repo-commit'] ?? 'unknown'}`
      : etag === undefined
        ? 'has no usable ETag'
        : !Number.isSafeInteger(size) || size < 0
          ? 'has no size'
          : undefined
  if (fault !== undefined || etag === undefined) {
    throw new HubError(`${url} ${fault}`, {
      hint: 'HF_ENDPOINT must be a server with the API of the Hugging Face hub; a proxy may answer in its place',
    })
  }
  return { path, commit, url, etag, size, isSha256: linked !== undefined && /^[0-9a-f]{64}$/.test(linked) }
}
