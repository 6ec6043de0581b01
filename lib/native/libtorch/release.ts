import { BuildError } from '../../errors.js'
import { platformKey } from '../platform.js'

/** The LibTorch release that robertorch is built and tested with. */
export const libtorchVersion = '2.13.0'

/** A wheel of the PyTorch project that contains LibTorch, pinned by its checksum. */
export interface Wheel {
  fileName: string
  /** Lower-case hexadecimal SHA-256 of the whole file. */
  sha256: string
  /** Bytes of the wheel itself. */
  size: number
  /** Sum of the bytes of the files that are unpacked from it. */
  unpackedSize: number
  /** What pip needs to choose this file on any machine, whatever Python runs it. */
  pip: { requirement: string; pythonVersion: string; abi: string; platform: string }
}

/**
 * Only wheels whose checksum was computed from the file itself stand here. A platform is added by downloading its
 * wheel, comparing with the index's hash and running the tests on it.
 */
const wheels: Readonly<Record<string, Wheel>> = {
  'linux-x64': {
    fileName: `torch-${libtorchVersion}+cpu-cp311-cp311-manylinux_2_28_x86_64.whl`,
    sha256: '6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b',
    size: 191_794_682,
    unpackedSize: 474_743_747,
    pip: {
      requirement: `torch==${libtorchVersion}+cpu`,
      pythonVersion: '311',
      abi: 'cp311',
      platform: 'manylinux_2_28_x86_64',
    },
  },
}

/**
 * The pinned wheel for a platform.
 *
 * @param platform `<os>-<cpu>`
 * @throws BuildError when no wheel is pinned for that platform.
 */
export function wheelFor(platform: string = platformKey): Wheel {
  const wheel = wheels[platform]
  if (wheel === undefined) {
    throw new BuildError(
      `no LibTorch download is pinned for ${platform} (pinned: ${Object.keys(wheels).join(', ')})`,
      {
        hint: `unpack LibTorch ${libtorchVersion} yourself and set ROBERTORCH_LIBTORCH to the folder with its lib/`,
      },
    )
  }
  return wheel
}
