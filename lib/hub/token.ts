/** huggingface_hub get_token_to_send: the access token, from the caller, the environment or the file of `hf auth login`. */

import { readFileSync } from 'node:fs'

import { HubAccessError } from '../errors.js'

/** Line ends come along when a token is pasted or echoed into a file. */
const clean = (text: string | undefined) => text?.replace(/[\r\n]/g, '').trim() || undefined

function readToken(path: string): string | undefined {
  try {
    return clean(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new HubAccessError(`the token file ${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
      hint: 'give { token }, or { token: false } to send none',
    })
  }
}

/**
 * @param wanted what the caller said; see HubOptions
 * @throws HubAccessError when there must be a token and there is none, or its file cannot be read.
 */
export function findToken(
  wanted: string | boolean | undefined,
  path: string,
  env: NodeJS.ProcessEnv,
): string | undefined {
  if (typeof wanted === 'string') return clean(wanted)
  const implicit = !/^(1|on|yes|true)$/i.test(env.HF_HUB_DISABLE_IMPLICIT_TOKEN ?? '')
  if (wanted === false || (wanted === undefined && !implicit)) return undefined
  const found = clean(env.HF_TOKEN) ?? clean(env.HUGGING_FACE_HUB_TOKEN) ?? readToken(path)
  if (found === undefined && wanted === true) {
    throw new HubAccessError('token is true, but no access token is stored on this machine', {
      hint: `set HF_TOKEN, put it into ${path}, or give { token: 'hf_…' }`,
    })
  }
  return found
}
