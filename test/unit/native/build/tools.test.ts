import { describe, expect, it } from 'vitest'

import { BuildError } from '../../../../lib/errors.js'
import { requireCmake, requireCompiler } from '../../../../scripts/build/tools.js'
import { fakePrograms } from '../libtorch/fakes.js'

describe('requireCompiler', () => {
  it('accepts the compiler of this machine', () => requireCompiler())

  it('says how to install one where there is none', () => {
    const bare = () => requireCompiler({ PATH: fakePrograms({}) })
    expect(bare).toThrow(BuildError)
    expect(bare).toThrow(
      /no C\+\+ compiler found: none of c\+\+, g\+\+, clang\+\+ is on PATH[\s\S]*hint: .*install/,
    )
  })

  it('names a compiler of the user that does not start', () => {
    expect(() => requireCompiler({ PATH: '', CXX: 'my-c++' })).toThrow(/CXX=my-c\+\+ does not start/)
  })

  it('compiles a program to find out whether C++20 is there', () => {
    const PATH = fakePrograms({
      'c++': '[ "$1" = --version ] && exit 0; echo "error: unrecognized option -std=c++20" >&2; exit 1',
    })
    expect(() => requireCompiler({ PATH })).toThrow(
      /compiler c\+\+ has no C\+\+20: error: unrecognized option -std=c\+\+20[\s\S]*GCC 11, Clang 14/,
    )
  })
})

describe('requireCmake', () => {
  const withVersion = (version: string) =>
    requireCmake({ PATH: fakePrograms({ cmake: `echo cmake version ${version}` }) })

  it('accepts what is new enough', () => {
    withVersion('3.22.0')
    withVersion('3.100.1')
    withVersion('4.0.2')
  })

  it('says how to install it where there is none', () => {
    const bare = () => requireCmake({ PATH: fakePrograms({}) })
    expect(bare).toThrow(BuildError)
    expect(bare).toThrow(/CMake was not found on PATH \(3\.22 or later is needed\)[\s\S]*hint: install it/)
  })

  it('names both versions when it is too old', () => {
    expect(() => withVersion('3.9.6')).toThrow(/CMake 3\.9 is too old \(3\.22 or later is needed\)/)
  })
})
