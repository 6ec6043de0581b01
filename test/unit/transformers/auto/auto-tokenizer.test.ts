import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ArgumentError, TokenizerError } from '../../../../lib/errors.js'
import { AutoTokenizer } from '../../../../lib/transformers/auto/auto-tokenizer.js'
import {
  BertTokenizer,
  CamembertTokenizer,
  PreTrainedTokenizerFast,
  RobertaTokenizer,
  XLMRobertaTokenizer,
} from '../../../../lib/transformers/tokenization/index.js'
import { FAMILIES, SMALL } from '../tokenization/golden.js'

const UNIGRAM = FAMILIES.camembert.folder

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
})
afterEach(() => rm(folder, { recursive: true }))

const write = (name: string, content: object) => writeFile(join(folder, name), JSON.stringify(content))

describe('the class', () => {
  test.each([
    ['RobertaTokenizer', RobertaTokenizer, SMALL],
    ['RobertaTokenizerFast', RobertaTokenizer, SMALL],
    ['BertTokenizer', BertTokenizer, FAMILIES.bert.folder],
    ['BertTokenizerFast', BertTokenizer, FAMILIES.bert.folder],
    ['XLMRobertaTokenizer', XLMRobertaTokenizer, UNIGRAM],
    ['CamembertTokenizerFast', CamembertTokenizer, UNIGRAM],
    ['PreTrainedTokenizerFast', PreTrainedTokenizerFast, SMALL],
  ])('tokenizer_config.json names it: %s', async (tokenizer_class, type, source) => {
    await cp(source, folder, { recursive: true })
    await write('tokenizer_config.json', { tokenizer_class })
    await write('config.json', { model_type: 'other', tokenizer_class: 'OtherTokenizer' })
    expect(await AutoTokenizer.from_pretrained(folder)).toBeInstanceOf(type)
  })

  test.each([
    [{ model_type: 'roberta' }, RobertaTokenizer, SMALL],
    [{ model_type: 'bert' }, BertTokenizer, FAMILIES.bert.folder],
    [{ model_type: 'xlm-roberta' }, XLMRobertaTokenizer, UNIGRAM],
    [{ model_type: 'camembert' }, CamembertTokenizer, UNIGRAM],
    // Chinese RoBERTa: a model of BERT's kind, and a tokenizer_config.json that names nothing.
    [{ model_type: 'bert', architectures: ['BertForMaskedLM'] }, BertTokenizer, FAMILIES.bert.folder],
    [{ model_type: 'roberta', tokenizer_class: 'BertTokenizer' }, BertTokenizer, FAMILIES.bert.folder],
  ])('otherwise config.json: %o', async (config, type, source) => {
    await cp(source, folder, { recursive: true })
    await write('tokenizer_config.json', { init_inputs: [] })
    await write('config.json', config)
    const tokenizer = await AutoTokenizer.from_pretrained(folder)
    expect(tokenizer).toBeInstanceOf(type)
    expect((await tokenizer('The king')).input_ids.length).toBeGreaterThan(2)
  })

  test('options go to it', async () => {
    const tokenizer = await AutoTokenizer.from_pretrained(FAMILIES.bert.folder, { padding_side: 'left' })
    expect(tokenizer.padding_side).toBe('left')
    // One that it does not have would do nothing.
    await expect(
      AutoTokenizer.from_pretrained(FAMILIES.bert.folder, { add_prefix_space: true }),
    ).rejects.toThrow(ArgumentError)
  })
})

describe('what cannot be opened', () => {
  test('a class that is not here', async () => {
    await write('tokenizer_config.json', { tokenizer_class: 'T5TokenizerFast' })
    await expect(AutoTokenizer.from_pretrained(folder)).rejects.toThrow(
      /T5TokenizerFast, which is not here\n {2}hint: PreTrainedTokenizerFast/,
    )
  })

  test('nothing names a class', async () => {
    await expect(AutoTokenizer.from_pretrained(folder)).rejects.toThrow('config.json no model_type')
    await write('config.json', { model_type: 't5' })
    await expect(AutoTokenizer.from_pretrained(folder)).rejects.toThrow('has the model_type "t5"')
    await write('config.json', { model_type: 'constructor' })
    await expect(AutoTokenizer.from_pretrained(folder)).rejects.toThrow(TokenizerError)
  })

  test('no tokenizer in the folder', async () => {
    await write('config.json', { model_type: 'bert' })
    await expect(AutoTokenizer.from_pretrained(folder)).rejects.toThrow(
      'looked for tokenizer.json, or vocab.txt (vocab.txt is missing)',
    )
    await write('tokenizer_config.json', { tokenizer_class: 'PreTrainedTokenizerFast' })
    await expect(AutoTokenizer.from_pretrained(folder)).rejects.toThrow('it has no tokenizer.json')
  })

  test('damaged files', async () => {
    await writeFile(join(folder, 'tokenizer_config.json'), '{')
    await expect(AutoTokenizer.from_pretrained(folder)).rejects.toThrow(/tokenizer_config.json is damaged/)
  })
})

test('PreTrainedTokenizerFast has the special tokens that are named, and no others', async () => {
  await cp(join(SMALL, 'tokenizer.json'), join(folder, 'tokenizer.json'))
  await write('tokenizer_config.json', { mask_token: '<mask>', pad_token: '<pad>' })
  const tokenizer = await PreTrainedTokenizerFast.from_pretrained(folder)
  expect(tokenizer.special_tokens_map).toEqual({ mask_token: '<mask>', pad_token: '<pad>' })
  expect([tokenizer.cls_token, tokenizer.cls_token_id]).toEqual([null, null])
  const roberta = await RobertaTokenizer.from_pretrained(SMALL)
  const [ours, theirs] = [await tokenizer('a <mask> b'), await roberta('a <mask> b')]
  expect(ours.input_ids).toEqual(theirs.input_ids)
  expect(ours.token_type_ids).toEqual(ours.input_ids.map(() => 0))
  await tokenizer.save_pretrained(join(folder, 'saved'))
  expect(await AutoTokenizer.from_pretrained(join(folder, 'saved'))).toBeInstanceOf(PreTrainedTokenizerFast)
})
