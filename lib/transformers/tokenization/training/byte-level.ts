/** GPT-2's byte-level pre-tokenization, for training only: encoding goes through the engine. */

/**
 * GPT-2's split into words. `\p{White_Space}` and not `\s`: JavaScript's `\s` has U+FEFF and lacks U+0085. Equal
 * to the library's own splitter but for letters and digits that one of both Unicode tables does not know yet.
 */
const WORD =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

/** Adds the words of a text to their counts. */
export function countWords(text: string, counts: Map<string, number>): void {
  for (const word of text.match(WORD) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1)
}

/** The printable character that stands for each byte, as GPT-2's `bytes_to_unicode`. */
export function byteAlphabet(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  let next = 0x100
  return Array.from({ length: 0x100 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++))
}
