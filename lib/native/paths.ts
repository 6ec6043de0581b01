import { existsSync } from 'node:fs'
import { dirname, extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(import.meta.url)

// Sources and bundled code lie at different depths.
function findPackageRoot(): string {
  let folder = dirname(here)
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder)
  return folder
}

/** Root folder of this package. */
export const packageRoot = findPackageRoot()

/** Where the code that runs lies: `lib` of a clone that runs from source, else `dist`. */
export const codeFolder = join(packageRoot, relative(packageRoot, here).split(sep, 1)[0] as string)

/** File of the code that runs, such as `native/libtorch/fetch-child`. What is built is an entry in scripts/build/javascript.ts. */
export const codeFile = (name: string): string => join(codeFolder, `${name}${extname(here)}`)
