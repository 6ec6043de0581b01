import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** What decides whether a step of the build must run. */
export interface Inputs {
  /** Name of the stamp. */
  name: string
  /** Files and folders whose contents count. */
  files: readonly string[]
  /** Anything else that counts, for example a version. */
  values: readonly string[]
  /** Files that the step makes: without them it must run. */
  outputs: readonly string[]
}

/** Remembers by content hash which steps are up to date, in small files under `build/stamps`. */
export class Stamps {
  constructor(
    private readonly root: string,
    private readonly folder = join(root, 'build', 'stamps'),
  ) {}

  /** Runs the step unless its inputs are those of its last successful run. Returns whether it ran. */
  async run(inputs: Inputs, step: () => Promise<void> | void): Promise<boolean> {
    const stamp = join(this.folder, inputs.name)
    const hash = this.hash(inputs)
    const complete = inputs.outputs.every((path) => existsSync(join(this.root, path)))
    if (complete && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false
    await step()
    mkdirSync(dirname(stamp), { recursive: true })
    writeFileSync(stamp, hash)
    return true
  }

  private hash({ files, values }: Inputs): string {
    const hash = createHash('sha256')
    for (const value of values) hash.update(`${value}\0`)
    for (const path of files) {
      for (const file of this.list(path)) hash.update(`${file}\0`).update(readFileSync(join(this.root, file)))
    }
    return hash.digest('hex')
  }

  private list(path: string): string[] {
    const full = join(this.root, path)
    if (!existsSync(full)) return []
    if (statSync(full).isFile()) return [path]
    return readdirSync(full, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.root, join(entry.parentPath, entry.name)))
      .sort()
  }
}
