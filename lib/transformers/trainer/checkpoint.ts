/** Checkpoint folders of the Trainer: written whole or not at all, found again, thinned out. */

import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { ArgumentError, CheckpointError } from '../../errors.js'
import { makeFolder } from '../folder.js'

const prefix = 'checkpoint-'
export const stateFile = 'trainer_state.json'
const pattern = /^checkpoint-(\d+)$/

export const checkpointPath = (output_dir: string, step: number): string =>
  join(output_dir, `${prefix}${step}`)

/** The checkpoints in a folder, from the oldest step to the newest. */
export async function sortedCheckpoints(output_dir: string): Promise<string[]> {
  if (!existsSync(output_dir)) return []
  const steps = (await readdir(output_dir)).flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number)
  return steps.sort((a, b) => a - b).map((step) => checkpointPath(output_dir, step))
}

/** transformers get_last_checkpoint: the newest that is complete; null when there is none. */
export async function get_last_checkpoint(output_dir: string): Promise<string | null> {
  return (
    (await sortedCheckpoints(output_dir)).filter((path) => existsSync(join(path, stateFile))).at(-1) ?? null
  )
}

/**
 * The folder to go on from: a path, or `true` for the newest in `output_dir`.
 *
 * @throws CheckpointError when there is none.
 */
export async function resolveCheckpoint(from: string | boolean, output_dir: string): Promise<string> {
  if (typeof from === 'string') {
    if (existsSync(join(from, stateFile))) return from
    throw new CheckpointError(`${from} is no checkpoint of a Trainer: it has no ${stateFile}`)
  }
  if (from !== true) throw new ArgumentError('resume_from_checkpoint takes a path, or true for the newest')
  const last = await get_last_checkpoint(output_dir)
  if (last === null) {
    throw new CheckpointError(`there is no checkpoint in ${output_dir}`, {
      hint: 'leave resume_from_checkpoint out to start anew',
    })
  }
  return last
}

/**
 * Writes a folder under a temporary name, flushes its files to the disk and renames it, so that its final name never
 * shows half of it. A folder that stood there before stays until the new one is whole.
 */
export async function writeFolderAtomically(
  folder: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  const id = randomUUID()
  const temporary = `${folder}.${id}.tmp`
  try {
    await makeFolder(temporary)
    await fill(temporary)
    await flushFolder(temporary)
    if (existsSync(folder)) {
      const old = `${folder}.${id}.old`
      await rename(folder, old)
      await rename(temporary, folder)
      await rm(old, { recursive: true, force: true })
    } else {
      await rename(temporary, folder)
    }
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
}

async function flushFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      await flushFolder(path)
      continue
    }
    const file = await open(path, 'r+')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  }
}

/** Removes what an interrupted write left, and the oldest checkpoints above `limit`; the best one and the newest stay. */
export async function rotateCheckpoints(
  output_dir: string,
  limit: number | null,
  best: string | null,
): Promise<void> {
  for (const name of await readdir(output_dir)) {
    if (/^checkpoint-\d+\.[0-9a-f-]{36}\.(tmp|old)$/.test(name)) {
      await rm(join(output_dir, name), { recursive: true, force: true })
    }
  }
  if (limit === null) return
  const all = await sortedCheckpoints(output_dir)
  const newest = all.at(-1)
  let surplus = all.length - limit
  for (const path of all) {
    if (surplus <= 0) break
    if (path === best || path === newest) continue
    await rm(path, { recursive: true, force: true })
    surplus -= 1
  }
}
