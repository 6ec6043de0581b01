// A process of its own that brings a model: child.ts ID FILE...

import process from 'node:process'

import { resolveModelFolder } from '../../../lib/hub/index.js'

const [id = '', ...names] = process.argv.slice(2)
process.stdout.write(await resolveModelFolder(id, {}, async () => names, { backOffMs: 50 }))
