// Our peer: `node --import tsx robertorch.ts FOLDER THREADS`, then one request a line.

import process from 'node:process'
import { createInterface } from 'node:readline'

import { torch } from 'robertorch'

import { eventLoop } from '../cases/event-loop.js'
import { forward } from '../cases/forward.js'
import { load } from '../cases/load.js'
import { add } from '../cases/operators.js'
import { tokenize, tokenizeShort } from '../cases/tokenizing.js'
import { step } from '../cases/training.js'
import type { Hello, Work } from '../protocol.js'
import { Session } from '../session.js'

const [folder, threads] = process.argv.slice(2)
if (folder === undefined || threads === undefined) throw new Error('usage: robertorch.ts FOLDER THREADS')

const send = (reply: object) => process.stdout.write(`${JSON.stringify(reply)}\n`)

function run(session: Session, work: Work): object | Promise<object> {
  switch (work.work) {
    case 'load':
      return load(session, work)
    case 'forward':
      return forward(session, work)
    case 'step':
      return step(session, work)
    case 'add':
      return add(session, work)
    case 'tokenize':
      return tokenize(session, work)
    case 'tokenizeShort':
      return tokenizeShort(session, work)
    case 'eventLoop':
      return eventLoop(session, work)
    case 'probe':
      throw new Error('the probe runs in Python')
  }
}

torch.set_num_threads(Number(threads))
const session = await Session.open(folder)
const hello: Hello = { versions: { Node: process.versions.node, LibTorch: torch.__version__ } }
send(hello)
for await (const line of createInterface({ input: process.stdin })) {
  try {
    send(await run(session, JSON.parse(line)))
  } catch (error) {
    send({ error: error instanceof Error ? error.message : String(error) })
  }
}
