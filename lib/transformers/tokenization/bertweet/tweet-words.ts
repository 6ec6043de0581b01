/**
 * NLTK's tokenizer for tweets, as `TweetTokenizer` of Transformers 4.57 has it (tokenization_bertweet.py), which rests
 * on Python's `regex`: its classes are spelled out here, since JavaScript's `\w`, `\d` and `\b` are ASCII's.
 * Both agree on all characters but those that one of both Unicode tables does not know yet.
 */
import { HTML_ENTITIES } from './html-entities.js'

const entityOf = new Map(
  HTML_ENTITIES.flatMap((line) => line.split(' ')).map((entry): [string, number] => {
    const [name = '', code = ''] = entry.split(':')
    return [name, Number.parseInt(code, 16)]
  }),
)

/** Python's `int(text, base)` for ASCII digits; NaN for what it refuses. */
function pythonInt(text: string, base: 10 | 16): number {
  const [, sign = '', digits = ''] =
    (base === 10
      ? /^([+-]?)(\d+(?:_\d+)*)$/.exec(text)
      : /^([+-]?)(?:0x_?)?([\da-f]+(?:_[\da-f]+)*)$/i.exec(text)) ?? []
  const value = Number.parseInt(digits.replaceAll('_', ''), base)
  return sign === '-' ? -value : value
}

/** What browsers take the control characters from U+0080 for; Python's codec has gaps. Node's is Latin-1 in some releases. */
const WINDOWS_1252 = [...'€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ'].map((character) =>
  character.replace('\0', ''),
)

/** The character of a number; what is none is removed. */
function characterOf(code: number): string {
  const windows = WINDOWS_1252[code - 0x80]
  if (windows !== undefined) return windows
  if (!(code >= 0 && code <= 0x10ffff)) return ''
  // Python keeps halves of characters, which become unknown tokens; as does what is no character.
  return code >= 0xd800 && code <= 0xdfff ? '\uffff' : String.fromCodePoint(code)
}

/** `_replace_html_entities`: what HTML does not know is removed. A `#` may be missing before `x`. */
function replaceEntities(text: string): string {
  return text.replace(/&(#?(x?))([^&;\p{White_Space}]+);/gu, (_, number, hexadecimal, body) => {
    if (number !== '') return characterOf(pythonInt(body, hexadecimal === '' ? 10 : 16))
    return characterOf(entityOf.get(body) ?? Number.NaN)
  })
}

/** `regex`'s letters `[a-z]` and `s` whatever their case: three characters have an ASCII letter as their other case. */
const LATIN = 'a-zA-Z\u0130\u017f\u212a'
const S = '[sS\u017f]'
/** `\w` without `\d` and `_`. */
const LETTER = String.raw`\p{Alphabetic}\p{M}\p{Join_Control}\u203f\u2040\u2054\ufe33\ufe34\ufe4d-\ufe4f\uff3f`
const WORD = String.raw`${LETTER}\p{Nd}_`
const SPACE = String.raw`\p{White_Space}`

const PARENTHESES = String.raw`\([^${SPACE}\(\)]*?\([^${SPACE}\(\)]+\)[^${SPACE}\(\)]*?\)|\([^${SPACE}]+?\)`

/** A URL; one character a time where Python has a nested repetition, which can take forever. */
const URL =
  String.raw`(?:[hH][tT][tT][pP]${S}?:(?:\/{1,3}|[${LATIN}0-9%])|[${LATIN}0-9.\-]+[.](?:[${LATIN}]{2,13})\/)` +
  String.raw`(?:[^${SPACE}\(\)<>\{\}\[\]]|${PARENTHESES})+` +
  String.raw`(?:${PARENTHESES}|[^${SPACE}${'`'}!\(\)\[\]\{\};:'".,<>?«»“”‘’])` +
  String.raw`|(?<!@)[${LATIN}0-9]+(?:[.\-][${LATIN}0-9]+)*[.](?:[${LATIN}]{2,13})(?![${WORD}])\/?(?!@)`
const PHONE = String.raw`(?:\+?[01][ *\-.\)]*)?(?:[\(]?\p{Nd}{3}[ *\-.\)]*)?\p{Nd}{3}[ *\-.\)]*\p{Nd}{4}`
const EYES = '[:;=8]'
const NOSE = String.raw`[\-oO*']?`
const MOUTH = String.raw`[\)\]\(\[dDpP\/:\}\{@\|\\]`
const EMOTICON = `[<>]?${EYES}${NOSE}${MOUTH}|${MOUTH}${NOSE}${EYES}[<>]?|<3`

const TOKEN = new RegExp(
  [
    URL,
    PHONE,
    EMOTICON,
    `<[^>${SPACE}]+>`, // HTML
    '-+>|<-+', // arrows
    `@[${WORD}]+`,
    String.raw`#+[${WORD}]+[${WORD}'_\-]*[${WORD}]+`,
    String.raw`[${WORD}.+\-]+@[${WORD}\-]+\.(?:[${WORD}\-]\.?)+[${WORD}\-]`, // mail addresses
    String.raw`[${LETTER}](?:[${LETTER}]|['\-_])+[${LETTER}]`,
    String.raw`[+\-]?\p{Nd}+[,\/.:\-]\p{Nd}+[+\-]?`,
    `[${WORD}]+`,
    String.raw`\.(?:[${SPACE}]*\.)+`,
    `[^${SPACE}]`,
  ].join('|'),
  'gu',
)

/** Cuts a tweet into words, emoticons, names, links, numbers and single characters. */
export function tweetWords(text: string): string[] {
  return (
    replaceEntities(text)
      .replace(/([^a-zA-Z0-9])\1{3,}/gu, '$1$1$1')
      .match(TOKEN) ?? []
  )
}
