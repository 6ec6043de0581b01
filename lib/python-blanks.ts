/** What Python's `str` and `re` take for blanks: four separators more than Unicode and JavaScript. */
const BLANK = String.raw`\p{White_Space}\u001c-\u001f`

const BLANKS = new RegExp(`[${BLANK}]+`, 'gu')
/** `\S+\n?` */
export const WORDS = new RegExp(String.raw`[^${BLANK}]+\n?`, 'gu')
const LEADING = new RegExp(`^[${BLANK}]+`, 'u')
const TRAILING = new RegExp(`(?<![${BLANK}])[${BLANK}]+$`, 'u')

/** Python's `str.lstrip`. */
export const lstrip = (text: string) => text.replace(LEADING, '')

/** Python's `str.rstrip`. */
export const rstrip = (text: string) => text.replace(TRAILING, '')

/** Python's `str.split()`. */
export const splitAtBlanks = (text: string) => text.split(BLANKS).filter((part) => part !== '')
