/**
 * The table by which SentencePiece's models replace characters: a double-array trie over UTF-8 bytes (darts-clone) and
 * the replacements, each ended by NUL. The tokenization library follows the table's indices without looking, and what
 * points outside ends the process; so a table is checked before the library sees it.
 * Reference: SentencePiece's normalizer.cc, and spm_precompiled, which is what the library reads it with.
 */
import { TokenizerError } from '../../errors.js'
import type { TokenizerDefinition } from './definition.js'

const LEAF = 0x80000000

/** Distance from a unit of the trie to its children (darts-clone's `offset`). */
const offsetOf = (unit: number) => (unit >>> 10) << ((unit & 0x200) >>> 6)

/** What is wrong with a table, if anything is. */
function fault(table: Buffer): string | undefined {
  if (table.length < 4) return 'it ends before its trie'
  const bytes = table.readUInt32LE(0)
  if (bytes % 4 !== 0 || bytes === 0 || bytes > table.length - 4) {
    return `its trie of ${bytes} bytes does not fit in ${table.length - 4}`
  }
  const size = bytes / 4
  const replacements = table.subarray(4 + bytes)
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(replacements)
  } catch {
    return 'its replacements are no UTF-8'
  }
  const unitAt = (index: number) => table.readUInt32LE(4 + 4 * index)
  for (let index = 0; index < size; index++) {
    const unit = unitAt(index)
    if (unit >= LEAF) continue
    const children = (index ^ offsetOf(unit)) >>> 0
    // A step goes to children ^ byte, for any byte: its whole block of 256 units must be there.
    if ((children | 0xff) >>> 0 >= size) return `unit ${index} of its trie points outside of ${size} units`
    if ((unit & 0x100) === 0) continue
    const start = unitAt(children) & ~LEAF
    const inside = start < replacements.length && ((replacements[start] ?? 0) & 0xc0) !== 0x80
    if (!inside) return `unit ${index} of its trie names the replacement at ${start}, which is none`
  }
  return undefined
}

function checkPart(part: unknown, where: string): void {
  if (typeof part !== 'object' || part === null) return
  const { type, normalizers, precompiled_charsmap: charsmap } = part as Record<string, unknown>
  if (Array.isArray(normalizers)) for (const inner of normalizers) checkPart(inner, where)
  if (type !== 'Precompiled' && charsmap === undefined) return
  const table = Buffer.from(typeof charsmap === 'string' ? charsmap : '', 'base64')
  const found = table.toString('base64') === charsmap ? fault(table) : 'it is no base64'
  if (found === undefined) return
  throw new TokenizerError(`the precompiled_charsmap in ${where} is damaged: ${found}`, {
    hint: 'download or save the tokenizer again',
  })
}

/**
 * Checks the tables of characters in a definition.
 * @param where named in the error
 * @throws TokenizerError for a table that points outside of itself
 */
export function checkCharsmaps({ normalizer }: TokenizerDefinition, where: string): void {
  checkPart(normalizer, where)
}
