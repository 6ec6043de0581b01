import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { describe, expect, it } from 'vitest'

import { loadReport, native } from '../../lib/native/index.js'
import { packageRoot } from '../../lib/native/paths.js'
import { libraryFileName } from '../../lib/native/platform.js'
import { fakeLibtorch, fakePrograms, temporaryFolder } from '../unit/native/libtorch/fakes.js'

/** Loads the addon in a process of its own with these variables and gives back what it threw, if anything. */
function loadIn(env: NodeJS.ProcessEnv) {
  const program = `
    import { loadReport } from ${JSON.stringify(join(packageRoot, 'lib/native/index.ts'))}
    console.log(loadReport.libtorch.folder)`
  const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    encoding: 'utf8',
    cwd: packageRoot,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  })
  return { ...run, output: run.stdout.trim() }
}

const loaded = loadReport.libtorch
if (loaded === undefined) throw new Error('the addon loaded without LibTorch')

describe('loading', () => {
  it('records every step up to the addon', () => {
    const ok = loadReport.steps.filter(({ outcome }) => outcome === 'ok').map(({ what }) => what)
    expect(ok[0]).toBe('loader addon')
    expect(ok.slice(-4)).toEqual(['library', 'library', 'library', 'addon'])
    expect(loadReport.steps.every(({ outcome }) => outcome !== 'failed')).toBe(true)
    expect(native.runtimeInfo().compiledTorchVersion).toBe(loadReport.compiledTorchVersion)
  })

  it('works from any folder that holds LibTorch', () => {
    const folder = join(temporaryFolder(), 'elsewhere ✓')
    symlinkSync(loaded.folder, folder)
    expect(loadIn({ ROBERTORCH_LIBTORCH: folder }).output).toBe(folder)
  })
})

describe('failing to load', () => {
  it('names the folder that holds no LibTorch', () => {
    const { status, stderr } = loadIn({ LIBTORCH: '/no/such/folder' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/LibtorchNotFoundError: LIBTORCH points to .*\/no\/such\/folder does not exist/)
    expect(stderr).toMatch(/\+ loader addon: .*robertorch\.node/)
  })

  it('names both versions before anything is opened', () => {
    const { stderr } = loadIn({ LIBTORCH: fakeLibtorch(temporaryFolder(), '2.7.1+cpu') })
    expect(stderr).toMatch(
      /LibtorchVersionError: robertorch needs LibTorch 2\.13\.0, but .* holds 2\.7\.1\+cpu/,
    )
  })

  it('says which library is damaged and why', () => {
    const folder = fakeLibtorch(temporaryFolder(), '2.13.0+cpu')
    const library = join(folder, 'lib', libraryFileName('c10'))
    writeFileSync(library, 'not a library')
    const { stderr } = loadIn({ LIBTORCH: folder })
    expect(stderr).toMatch(/LoadError: a library of LibTorch does not load: .*libc10[\s\S]*hint: remove/)
  })

  it('does not download where that is forbidden', () => {
    const { stderr } = loadIn({ ROBERTORCH_CACHE: temporaryFolder(), ROBERTORCH_DOWNLOAD: '0' })
    expect(stderr).toMatch(
      /LibtorchNotFoundError: .*ROBERTORCH_DOWNLOAD=0[\s\S]*- user cache: .* does not exist/,
    )
  })

  it('hands on why the download on first use failed', () => {
    const { stderr } = loadIn({
      ROBERTORCH_CACHE: temporaryFolder(),
      ROBERTORCH_LIBTORCH_MIRROR: 'http://127.0.0.1:9',
    })
    expect(stderr).toMatch(
      /LibtorchNotFoundError: LibTorch 2\.13\.0 was not found: could not fetch[\s\S]*ECONNREFUSED/,
    )
  })

  it('says that nothing is built where nothing is built', () => {
    const folder = temporaryFolder()
    const copy = join(folder, 'lib', 'native')
    mkdirSync(copy, { recursive: true })
    copyFileSync(join(packageRoot, 'package.json'), join(folder, 'package.json'))
    symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'))
    for (const name of ['loader.ts', 'paths.ts', 'step.ts']) {
      copyFileSync(join(packageRoot, 'lib/native', name), join(copy, name))
    }
    copyFileSync(join(packageRoot, 'lib/errors.ts'), join(folder, 'lib/errors.ts'))
    const program = `import { openLoader } from ${JSON.stringify(join(copy, 'loader.ts'))}; openLoader([])`
    const { stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', program],
      {
        encoding: 'utf8',
        cwd: folder,
      },
    )
    expect(stderr).toMatch(
      /LoadError: .* is not built for this system[\s\S]*hint: in a clone run `npm run build`/,
    )
  })
})

describe('CUDA', () => {
  it('is off with a reason on a build without it', () => {
    if (loaded.cudaLibraries.length > 0)
      return expect(loadReport.steps.some(({ what }) => what === 'CUDA')).toBe(true)
    expect(loadReport.cudaOff).toMatch(/is a build without CUDA/)
  })

  it.runIf(process.platform === 'linux')('that cannot be opened leaves the CPU usable', () => {
    // LibTorch with CUDA libraries that are no libraries, and a "driver" that can be opened: the dynamic linker
    // looks for it in LD_LIBRARY_PATH first.
    const folder = temporaryFolder()
    for (const name of ['include', 'version.py']) symlinkSync(join(loaded.folder, name), join(folder, name))
    mkdirSync(join(folder, 'lib'))
    for (const path of loaded.libraries)
      symlinkSync(path, join(folder, 'lib', path.slice(path.lastIndexOf('/') + 1)))
    for (const name of ['c10_cuda', 'torch_cuda'])
      writeFileSync(join(folder, 'lib', libraryFileName(name)), 'broken')
    const drivers = temporaryFolder()
    symlinkSync(join(loaded.folder, 'lib', 'libgomp.so.1'), join(drivers, 'libcuda.so.1'))
    const run = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(packageRoot, 'lib/cli/index.ts'), 'doctor', '--json'],
      {
        encoding: 'utf8',
        cwd: packageRoot,
        env: {
          ...process.env,
          PATH: `${fakePrograms({})}:/usr/bin:/bin`,
          LIBTORCH: folder,
          LD_LIBRARY_PATH: drivers,
        },
      },
    )
    expect(run.status).toBe(0)
    const { cuda, error } = JSON.parse(run.stdout)
    expect(error).toBeNull()
    expect(cuda).toMatch(/libc10_cuda\.so: (file too short|invalid ELF header)/)
  })
})
