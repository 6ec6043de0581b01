import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'

import { DeviceError } from '../../../lib/errors.js'
import { Device, device } from '../../../lib/torch/device.js'

describe('a device', () => {
  it('has a type and an index', () => {
    expect([device('cpu').type, device('cpu').index]).toEqual(['cpu', null])
    expect([device('cuda:1').index, device('cuda', 2).index]).toEqual([1, 2])
    const given = device('cuda:0')
    expect(device(given)).toBe(given)
  })

  it('prints as in PyTorch', () => {
    expect([String(device('cuda:1')), inspect(device('cuda:1')), inspect(device('cpu'))]).toEqual([
      'cuda:1',
      "device(type='cuda', index=1)",
      "device(type='cpu')",
    ])
  })

  it.each(['', 'CPU', 'cuda:', 'cuda:x', 'cuda:-1', 'cuda:99999', 'cuda:1:1', ' cpu', 'cpu\n'])(
    "'%s' is none",
    (text) => {
      expect(() => new Device(text)).toThrow(DeviceError)
      expect(() => new Device(text)).toThrow(/is no device[\s\S]*write 'cpu', 'cuda' or 'cuda:0'/)
    },
  )
})
