// A hub of its own process with the files of a folder as the model someone/tiny, until the standard input ends:
// serve.ts FOLDER; prints its address.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { HubServer } from './hub-server.js'

const [folder = '.'] = process.argv.slice(2)
const server = await HubServer.start()
const files = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))
const large = Object.keys(files).filter((name) => /\.(safetensors|bin)$/.test(name))
server.repositories.set('someone/tiny', { files, large })
process.stdin.on('end', () => server.close()).resume()
process.stdout.write(`${server.url}\n`)
