/** The zip form of `torch.save`: `data.pkl`, and an entry under `data/` for each storage. */

import { CheckpointError, UnsafeFileError } from '../../../errors.js'
import { native } from '../../native.js'
import { Budget } from '../pickle/budget.js'
import { Cursor } from '../pickle/cursor.js'
import { unpickle } from '../pickle/unpickler.js'
import type { FileBytes, Place, Storages } from './storages.js'
import { zipEntries } from './zip.js'

/** Reads the objects and opens their storages. */
export async function readZip(source: FileBytes, storages: Storages): Promise<unknown> {
  const { path, mapped, file } = source
  const entries = await zipEntries(file, mapped.numel(), path)
  const root = rootOf(entries, path)
  const bytes = ({ begin, length }: Place) =>
    Buffer.from(native.memoryOf(native.storageOver(mapped, begin, length)))
  const order = entries.get(`${root}byteorder`)
  const byteorder = order ? bytes(order).toString('latin1', 0, 16) : 'little'
  if (byteorder !== 'little' && byteorder !== 'big') {
    throw new CheckpointError(`${path} has the byte order '${byteorder}', known are little and big`)
  }
  const pickle = entries.get(`${root}data.pkl`) as Place
  const cursor = new Cursor(bytes(pickle), path)
  const value = unpickle(cursor, new Budget(mapped.numel()), storages.reference)
  const data = [...entries].flatMap(([name, place]): [string, Place][] =>
    name.startsWith(`${root}data/`) ? [[name.slice(`${root}data/`.length), place]] : [],
  )
  await storages.open(new Map(data), { ...source, bigEndian: byteorder === 'big' })
  return value
}

/** The folder inside the archive, `archive/`. */
function rootOf(entries: ReadonlyMap<string, Place>, path: string): string {
  const roots = [...entries.keys()].flatMap((name) => /^([^/]+\/)data\.pkl$/.exec(name)?.[1] ?? [])
  const [root] = roots
  if (root === undefined || roots.length > 1) {
    throw new CheckpointError(
      `${path} is a zip archive with ${roots.length} entries */data.pkl, expected one`,
      {
        hint: 'is it a file of torch.save?',
      },
    )
  }
  if (entries.has(`${root}constants.pkl`)) {
    throw new UnsafeFileError(`${path} is a TorchScript archive, which is a program`, {
      hint: 'in Python, torch.save(torch.jit.load(path).state_dict(), …) keeps its weights',
    })
  }
  return root
}
