import { expect, test } from 'vitest'

import { cleanText, readMails } from '../../../examples/support/spam-assassin.js'

test('reads every mail as text without headers, mark-up or addresses', { timeout: 120_000 }, async () => {
  const mails = await readMails()
  expect(mails).toHaveLength(6046)
  expect(mails.filter(({ label }) => label === 1)).toHaveLength(1896)
  expect(mails.filter(({ text }) => text === '')).toHaveLength(0)
  // The first mail of each class, from its subject on: the second one is HTML in quoted-printable.
  expect(mails[0]?.text).toMatch(
    /^Re: New Sequences Window Date: Wed, 21 Aug 2002 .*From: Chris Garrigues < ?@ ?>/,
  )
  expect(mails.find(({ label }) => label === 1)?.text).toMatch(
    /^Life Insurance - Why Pay More\? Save up to 70% on Life Insurance\. Why Spend More Than You Have To\?/,
  )
  const subjects = (pattern: RegExp) =>
    mails.filter(({ text }) => pattern.test(text)).map(({ text }) => text.slice(0, 40))
  expect(subjects(/\ufffd/)).toEqual([])
  expect(subjects(/\w@\w/)).toEqual([])
  expect(subjects(/\s\s/)).toEqual([])
})

test('masks addresses and collapses white space', () => {
  expect(cleanText('  Write to <jane.doe@example.org>,\n\tor call. ')).toBe('Write to <@>, or call.')
})
