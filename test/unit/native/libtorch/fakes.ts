import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { onTestFinished } from 'vitest'
import { ZipFile } from 'yazl'

import type { Wheel } from '../../../../lib/native/libtorch/release.js'
import { libraryFileName } from '../../../../lib/native/platform.js'

/** A folder that is removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'robertorch-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A folder that looks like LibTorch of some version to everything that does not load it. */
export function fakeLibtorch(folder: string, version?: string): string {
  mkdirSync(join(folder, 'lib'), { recursive: true })
  for (const name of ['c10', 'torch_cpu']) writeFileSync(join(folder, 'lib', libraryFileName(name)), '')
  if (version !== undefined) writeFileSync(join(folder, 'version.py'), `__version__ = '${version}'\n`)
  return folder
}

/** Puts executable shell scripts into a folder, which then serves as PATH. */
export function fakePrograms(programs: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  }
  return folder
}

/** What the fake wheel holds, and how much of it belongs to LibTorch. */
const members: Record<string, string> = {
  [`torch/lib/${libraryFileName('c10')}`]: 'c10',
  [`torch/lib/${libraryFileName('torch_cpu')}`]: 'torch_cpu '.repeat(50_000),
  'torch/lib/libtorch_python.so': 'not needed',
  'torch/include/torch/headeronly/version.h': '#define TORCH_VERSION "2.13.0"\n',
  'torch/version.py': "__version__ = '2.13.0+cpu'\n",
  'torch/nn/modules/linear.py': 'not needed either',
  'torch-2.13.0+cpu.dist-info/licenses/LICENSE': 'licence',
}

/** A small wheel with the layout of the real one. */
export async function fakeWheel(): Promise<{ wheel: Wheel; path: string; content: Buffer }> {
  const zip = new ZipFile()
  for (const [name, text] of Object.entries(members)) {
    // Stored, not compressed: the download must be long enough to be cut in two.
    zip.addBuffer(Buffer.from(text), name, { compress: false })
  }
  zip.end()
  const path = join(temporaryFolder(), 'torch-2.13.0+cpu-test.whl')
  await pipeline(zip.outputStream.pipe(new PassThrough()), createWriteStream(path))
  const content = readFileSync(path)
  const wheel: Wheel = {
    fileName: 'torch-2.13.0+cpu-test.whl',
    sha256: createHash('sha256').update(content).digest('hex'),
    size: content.length,
    unpackedSize: 600_000,
    pip: { requirement: 'torch==2.13.0+cpu', pythonVersion: '311', abi: 'cp311', platform: 'any' },
  }
  return { wheel, path, content }
}

/** A server on the loopback interface that is closed when the test is over. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const requests: { url: string; range: string | undefined }[] = []
  const server: Server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', range: request.headers.range })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** Answers with a file, or the rest of it when a range is asked for. */
export function sendFile(content: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (from >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    return
  }
  const range = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }
  response
    .writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from, ...(from > 0 ? range : {}) })
    .end(content.subarray(from))
}

/** Collects what is written to it. */
export function collector() {
  const stream = new PassThrough()
  let text = ''
  stream.on('data', (chunk) => {
    text += chunk
  })
  return { stream, text: () => text }
}

/** Writes a file and the folders above it. */
export function writeAll(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
