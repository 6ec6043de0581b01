/** The benchmark's side of a peer, with small programs in place of one. */

import process from 'node:process'

import { expect, it } from 'vitest'

import { Peer } from '../../../bench/peer.js'

const start = (script: string) =>
  Peer.start(
    { name: 'the peer', program: process.execPath, args: ['-e', script] },
    { folder: 'folder', threads: 2 },
  )

const hello = `console.log(JSON.stringify({ versions: { argv: process.argv.slice(1).join(), threads: process.env.OMP_NUM_THREADS } }))`

it('hands over folder and threads, and ends when its input ends', async () => {
  const { peer, hello: said } = await start(`${hello}; process.stdin.resume()`)
  expect(said.versions).toEqual({ argv: 'folder,2', threads: '2' })
  await peer.close()
  expect(() => process.kill(peer.pid, 0)).toThrow(/ESRCH/)
})

it('says what a peer wrote that ends too early', async () => {
  await expect(start(`console.error('no module named torch'); process.exitCode = 1`)).rejects.toThrow(
    /the peer ended without a reply:\nno module named torch/,
  )
})

it('passes the error of a piece of work on, and goes on', async () => {
  const { peer } = await start(
    `${hello}; let n = 0; process.stdin.on('data', () => console.log(n++ ? '{"ok":true}' : '{"error":"no such batch"}'))`,
  )
  await expect(peer.run({ work: 'probe' })).rejects.toThrow('the peer: no such batch')
  expect(await peer.run({ work: 'probe' })).toEqual({ ok: true })
  await peer.close()
})

it('reports a program that does not exist', async () => {
  await expect(
    Peer.start({ name: 'x', program: 'no-such-program-here', args: [] }, { folder: '', threads: 1 }),
  ).rejects.toThrow(/no-such-program-here ENOENT/)
})
