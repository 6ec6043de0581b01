/** A server on the loopback interface that speaks as much of the hub's API as huggingface_hub uses to download. */

import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Repository {
  /** Contents by path. */
  files: Record<string, Buffer>
  /** Those in large storage: given by a redirection to another host, named by their SHA-256. */
  large?: readonly string[]
  /** Branches and tags that stand for the commit; default `main`. */
  refs?: readonly string[]
  /** The token that is needed to see it at all. */
  private?: string
  /** The token of who accepted the terms. */
  gated?: string
  /** Where it has gone. */
  renamedTo?: string
}

export interface LoggedRequest {
  method: string
  path: string
  range: string | undefined
  authorization: string | undefined
  /** Whether the content network was asked, not the hub. */
  content: boolean
}

/** Answers in the server's place; true when it did. */
export type Fault = (request: IncomingMessage, response: ServerResponse, log: LoggedRequest) => boolean

const hash = (name: 'sha1' | 'sha256', ...parts: (string | Buffer)[]) => {
  const sum = createHash(name)
  for (const part of parts) sum.update(part)
  return sum.digest('hex')
}

/** The id that git gives a content. */
export const gitId = (content: Buffer) => hash('sha1', `blob ${content.length}\0`, content)

export const commitOf = ({ files }: Repository): string =>
  hash('sha1', ...Object.entries(files).flatMap(([path, content]) => [path, '\0', gitId(content)]))

const port = (server: Server) => (server.address() as AddressInfo).port
const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

export class HubServer {
  readonly repositories = new Map<string, Repository>()
  readonly log: LoggedRequest[] = []
  fault: Fault | undefined
  readonly #hub = createServer((request, response) => this.#answer(request, response, false))
  // Another port is another host: the token must not come here.
  readonly #content = createServer((request, response) => this.#answer(request, response, true))

  static async start(): Promise<HubServer> {
    const server = new HubServer()
    await Promise.all([listen(server.#hub), listen(server.#content)])
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${port(this.#hub)}`
  }

  close(): void {
    for (const server of [this.#hub, this.#content]) {
      server.closeAllConnections()
      server.close()
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse, content: boolean): unknown {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://hub')
    const { range, authorization } = request.headers
    const entry = { method: request.method ?? '', path, range, authorization, content }
    this.log.push(entry)
    if (this.fault?.(request, response, entry)) return
    if (content) {
      const blob = this.#blobs().get(path.slice(1))
      if (!blob) return refuse(response, 404, 'EntryNotFound')
      return sendBytes(request, response, blob, { etag: `"of the content network"` })
    }
    const api = /^\/api\/(?:models|datasets)\/([^/]+\/[^/]+)\/(revision|tree)\/([^/]+)$/.exec(path)
    const resolve = /^(?:\/datasets)?\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path)
    const id = api?.[1] ?? resolve?.[1]
    const repository = id === undefined ? undefined : this.repositories.get(id)
    if (!id || !repository) return refuse(response, 401, 'RepoNotFound', 'Repository not found')
    if (repository.renamedTo !== undefined) {
      const location = (request.url ?? '').replace(id, repository.renamedTo)
      return response.writeHead(307, { location }).end()
    }
    const token = authorization?.replace('Bearer ', '')
    if (token === 'wrong') {
      return refuse(response, 401, '', 'Invalid credentials in Authorization header')
    }
    if (repository.private !== undefined && token !== repository.private) {
      return refuse(response, 401, 'RepoNotFound', 'Repository not found')
    }
    const revision = decodeURIComponent(api?.[3] ?? resolve?.[2] ?? '')
    const commit = commitOf(repository)
    if (revision !== commit && !(repository.refs ?? ['main']).includes(revision)) {
      return refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revision}`)
    }
    if (api) return this.#describe(response, id, repository, api[2] === 'tree', searchParams.getAll('expand'))
    // As on the hub, the list of a gated model's files is open and their contents are not.
    if (repository.gated !== undefined && token !== repository.gated) {
      return refuse(
        response,
        token === undefined ? 401 : 403,
        'GatedRepo',
        'Access to this model is restricted',
      )
    }
    return this.#resolve(request, response, repository, decodeURIComponent(resolve?.[3] ?? ''))
  }

  #describe(
    response: ServerResponse,
    id: string,
    repository: Repository,
    tree: boolean,
    expand: readonly string[],
  ): void {
    const large = new Set(repository.large)
    const paths = Object.entries(repository.files)
    const answer = tree
      ? paths.map(([path, content]) => ({
          type: 'file',
          path,
          size: content.length,
          oid: gitId(content),
          ...(large.has(path) ? { lfs: { oid: hash('sha256', content), size: content.length } } : {}),
        }))
      : expanded(expand, {
          _id: 'id',
          id,
          modelId: id,
          sha: commitOf(repository),
          private: false,
          gated: repository.gated !== undefined,
          downloads: 0,
          likes: 0,
          lastModified: '2026-01-01T00:00:00.000Z',
          siblings: paths.map(([path]) => ({ rfilename: path })),
        })
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  #resolve(
    request: IncomingMessage,
    response: ServerResponse,
    repository: Repository,
    path: string,
  ): unknown {
    const headers = { 'x-repo-commit': commitOf(repository) }
    const content = repository.files[path]
    if (content === undefined) return refuse(response, 404, 'EntryNotFound', 'Entry not found', headers)
    if (!repository.large?.includes(path)) {
      return sendBytes(request, response, content, { ...headers, etag: `"${gitId(content)}"` })
    }
    const sha256 = hash('sha256', content)
    return response
      .writeHead(302, {
        ...headers,
        location: `http://127.0.0.1:${port(this.#content)}/${sha256}?signature=x`,
        'x-linked-etag': `"${sha256}"`,
        'x-linked-size': content.length,
      })
      .end()
  }

  #blobs(): Map<string, Buffer> {
    const all = [...this.repositories.values()].flatMap(({ files }) => Object.values(files))
    return new Map(all.map((content) => [hash('sha256', content), content]))
  }
}

/** The fields that are asked for, where some are. */
function expanded(names: readonly string[], all: Record<string, unknown>): Record<string, unknown> {
  const wanted = ([name]: [string, unknown]) => ['_id', 'id', ...names].includes(name)
  return names.length === 0 ? all : Object.fromEntries(Object.entries(all).filter(wanted))
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message = '',
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...headers, 'x-error-code': code, 'x-error-message': message }).end()
}

/** A content, or the rest of it where a range is asked for. */
export function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  headers: Record<string, string> = {},
): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const length = { 'content-length': content.length - from }
  if (from > 0 && from >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    return
  }
  const range = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }
  response.writeHead(from > 0 ? 206 : 200, { ...headers, ...length, ...(from > 0 ? range : {}) })
  response.end(request.method === 'HEAD' ? undefined : content.subarray(from))
}
