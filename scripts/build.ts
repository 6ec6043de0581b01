// npm run build: LibTorch, the native addon, the operators' types, dist/. What is up to date is skipped.
//
//   --native        stop after the native addon (what binding.gyp and node-gyp ask for)
//   -DNAME=value    an option for CMake, for example -DROBERTORCH_SANITIZE=address

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { RobertorchError } from '../lib/errors.js'
import { packageRoot } from '../lib/native/paths.js'
import { libraryFileName, platformKey, requireSupportedHost } from '../lib/native/platform.js'
import { compileTypeScript, generateOperators } from './build/javascript.js'
import { provideLibtorch } from './build/libtorch.js'
import { buildNative } from './build/native.js'
import { Stamps } from './build/stamp.js'
import { requireCmake, requireCompiler } from './build/tools.js'

const operatorsScript = 'scripts/generate/operators.ts'
const core = libraryFileName('robertorch_core').replace(/^lib/, '')
const nativeFiles = ['build/Release/robertorch.node', `build/Release/${core}`]

async function build(args: readonly string[]): Promise<void> {
  const started = Date.now()
  const cmakeOptions = args.filter((arg) => arg.startsWith('-D')).map((arg) => arg.slice(2))
  const stamps = new Stamps(packageRoot)
  const did: string[] = []
  const step = async (what: string, inputs: Parameters<Stamps['run']>[0], work: () => void) => {
    const ran = await stamps.run(inputs, () => {
      console.log(`robertorch: building ${what}`)
      work()
    })
    if (ran) did.push(what)
  }

  requireSupportedHost()
  // Before a download of minutes, not after it.
  if (!nativeFiles.every((path) => existsSync(join(packageRoot, path)))) requireTools()
  const libtorch = await provideLibtorch()
  const torch = [libtorch.folder, String(libtorch.version)]

  await step(
    'the native addon',
    {
      name: 'native',
      files: [
        'CMakeLists.txt',
        'native',
        'node_modules/node-addon-api/package.json',
        'scripts/build/native.ts',
      ],
      values: [...torch, ...cmakeOptions, process.env.CXX ?? '', process.env.CXXFLAGS ?? ''],
      outputs: nativeFiles,
    },
    () => {
      requireTools()
      buildNative(libtorch, cmakeOptions)
    },
  )
  if (!args.includes('--native')) {
    if (existsSync(join(packageRoot, operatorsScript))) {
      await step(
        "the operators' types",
        {
          name: 'operators',
          files: ['scripts/generate', 'test/fixtures/names', ...describedOperators, ...handwrittenTorch()],
          values: torch,
          outputs: ['tensor-operators', 'torch-functions', 'namespaces'].map(
            (name) => `lib/torch/generated/${name}.ts`,
          ),
        },
        () => generateOperators(operatorsScript),
      )
    }
    await step(
      'dist',
      {
        name: 'dist',
        files: ['lib', 'tsconfig.json', 'scripts/build/javascript.ts'],
        values: [],
        outputs: ['dist/index.js', 'dist/cli/index.js'],
      },
      compileTypeScript,
    )
  }

  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  const done = did.length === 0 ? 'everything is up to date' : `built ${did.join(', ')}`
  console.log(`robertorch: ${done} (LibTorch ${libtorch.version}, ${platformKey}, ${seconds} s)`)
}

/** What the addon says about each operator. */
const describedOperators = ['native/core/operators', 'native/bindings/operators.cpp', 'lib/native/addon.ts']

/** What is written by hand gets no generated type, wherever in lib/torch it stands. */
const handwrittenTorch = (): string[] =>
  readdirSync(join(packageRoot, 'lib/torch'))
    .filter((name) => name !== 'generated')
    .map((name) => `lib/torch/${name}`)

function requireTools(): void {
  requireCompiler()
  requireCmake()
}

try {
  await build(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof RobertorchError)) throw error
  console.error(`robertorch: ${error.message}`)
  process.exitCode = 1
}
