import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'

import * as errors from '../../lib/errors.js'

const { RobertorchError, ...classes } = errors
const all = Object.entries(classes)

describe('errors', () => {
  it('have a base, a name and a code of their own', () => {
    const made = all.map(([name, ErrorClass]) => [name, new ErrorClass('text')] as const)
    for (const [name, error] of made) {
      expect(error).toBeInstanceOf(RobertorchError)
      expect(error.name).toBe(name)
      expect(error.code).toMatch(/^ERR_[A-Z_]+$/)
      expect([error.message, error.hint]).toEqual(['text', undefined])
    }
    expect(new Set(made.map(([, error]) => error.code)).size).toBe(all.length)
  })

  it('carry their hint in the message and the native trace apart', () => {
    const error = new errors.ShapeError('wrong', { hint: 'do this', nativeTrace: 'frame #0', cause: 1 })
    expect(error.message).toBe('wrong\n  hint: do this')
    expect([error.hint, error.nativeTrace, error.cause]).toEqual(['do this', 'frame #0', 1])
    expect(inspect(error)).not.toContain('frame #0')
  })
})
