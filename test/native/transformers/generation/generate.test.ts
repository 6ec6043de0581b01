import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import {
  AbortedError,
  ArgumentError,
  ConfigError,
  GenerationConfig,
  RobertaConfig,
  RobertaForCausalLM,
  ShapeError,
  torch,
} from '../../../../lib/index.js'
import type { Tensor } from '../../../../lib/torch/tensor.js'
import { expectClose } from '../../roberta/close.js'

const sizes = {
  vocab_size: 60,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 24,
  max_position_embeddings: 40,
  is_decoder: true,
  // Far from uniform, so that no two tokens are close.
  initializer_range: 0.5,
}

function make(fields: object = {}): RobertaForCausalLM {
  torch.manual_seed(4)
  return new RobertaForCausalLM(new RobertaConfig({ ...sizes, ...fields })).eval()
}

const input_ids = torch.tensor([
  [5, 6, 7],
  [8, 9, 10],
])
const endless = { input_ids, eos_token_id: null, max_new_tokens: 6 } as const

describe('generate', () => {
  it('gives each token to the streamer when it is there, the prompt first', async () => {
    const received: unknown[] = []
    const sequences = await make().generate({
      ...endless,
      streamer: { put: (ids) => received.push(ids.tolist()), end: () => received.push('end') },
    })
    const columns = sequences.slice(1, 3).transpose(0, 1).tolist() as number[][]
    expect(received).toEqual([input_ids.tolist(), ...columns, 'end'])
  })

  it('stops when it is aborted, and leaves nothing behind', async () => {
    const model = make()
    const controller = new AbortController()
    let steps = 0
    const before = torch.memory().tensors
    const generating = model.generate({
      input_ids,
      eos_token_id: null,
      max_new_tokens: 30,
      signal: controller.signal,
      streamer: {
        put: () => {
          steps++
          if (steps === 4) controller.abort(new Error('enough'))
        },
        end: () => expect.unreachable('an aborted generation has no end'),
      },
    })
    await expect(generating).rejects.toThrow(AbortedError)
    await expect(generating).rejects.toMatchObject({ cause: new Error('enough') })
    expect(steps).toBe(4)
    expect(torch.memory().tensors - before).toBeLessThan(60)
  })

  it('takes processors and criteria of the caller', async () => {
    const only = (_: Tensor, scores: Tensor) => torch.zeros_like(scores).set([':', 33], 1)
    const sequences = await make().generate({
      ...endless,
      logits_processor: [only],
      stopping_criteria: [(ids) => ids.size(1) >= 5],
    })
    expect(sequences.tolist()).toEqual([
      [5, 6, 7, 33, 33],
      [8, 9, 10, 33, 33],
    ])
    const rows = await make().generate({
      ...endless,
      eos_token_id: 59,
      pad_token_id: 1,
      logits_processor: [only],
      stopping_criteria: [(ids) => ids.select(1, 0).eq(5)],
    })
    expect(rows.tolist()).toEqual([
      [5, 6, 7, 33, 1, 1, 1, 1, 1],
      [8, 9, 10, 33, 33, 33, 33, 33, 33],
    ])
  })

  it('gives what is asked for of each step', async () => {
    const model = make()
    const output = await model.generate({
      ...endless,
      return_dict_in_generate: true,
      output_scores: true,
      output_logits: true,
      output_hidden_states: true,
      output_attentions: true,
      repetition_penalty: 1.5,
    })
    expect(output.sequences.shape).toEqual([2, 9])
    for (const list of [output.scores, output.logits, output.hidden_states, output.attentions])
      expect(list).toHaveLength(6)
    const [scores, logits] = [output.scores, output.logits] as [readonly Tensor[], readonly Tensor[]]
    expect(scores[1]?.equal(logits[1] as Tensor)).toBe(false)
    expect(output.hidden_states?.[0]?.[0]?.shape).toEqual([2, 3, 16])
    expect(output.hidden_states?.[1]?.[0]?.shape).toEqual([2, 1, 16])
    expect(output.attentions?.[5]?.[1]?.shape).toEqual([2, 2, 1, 8])
    expect(output.past_key_values?.[0]?.[0].shape).toEqual([2, 2, 8, 8])
    expect(output.sequences.requires_grad).toBe(false)
    // The same with all tokens shown again.
    const again = await model.generate({
      ...endless,
      return_dict_in_generate: true,
      output_scores: true,
      repetition_penalty: 1.5,
      use_cache: false,
    })
    expect(again.past_key_values).toBeUndefined()
    for (const [i, step] of (again.scores ?? []).entries())
      expectClose(scores[i] as Tensor, step, 1e-5, `scores of step ${i}`)
  })

  it('keeps the keys of cross-attention from step to step', async () => {
    const model = make({ add_cross_attention: true })
    const generating = [true, false].map((use_cache) =>
      model.generate({
        ...endless,
        encoder_hidden_states: torch.ones([2, 4, 16]).cumsum(1),
        encoder_attention_mask: torch.tensor([
          [1, 1, 1, 1],
          [1, 1, 0, 0],
        ]),
        use_cache,
        return_dict_in_generate: true,
        output_logits: true,
      }),
    )
    const [cached, repeated] = (await Promise.all(generating)).map(({ sequences, logits = [] }) => ({
      ids: sequences.tolist(),
      logits: torch.stack([...logits]),
    }))
    expect(cached?.ids).toEqual(repeated?.ids)
    expectClose(cached?.logits as Tensor, repeated?.logits as Tensor, 1e-5, 'logits')
  })

  it('continues embeddings by the tokens of their ids', async () => {
    const model = make()
    const inputs_embeds = model.get_input_embeddings()(input_ids).detach()
    for (const positions of ['transformers', 'model'] as const) {
      const whole = await model.generate({ ...endless, positions })
      const fresh = await model.generate({ inputs_embeds, eos_token_id: null, max_new_tokens: 6, positions })
      expect(fresh.tolist()).toEqual(whole.slice(1, 3).tolist())
    }
  })

  it('has the positions of forward when they are asked for, in a padded batch too', async () => {
    const model = make()
    const padded = torch.tensor([
      [1, 1, 5, 6],
      [8, 9, 10, 11],
    ])
    for (const use_cache of [true, false]) {
      const { sequences, logits = [] } = await model.generate({
        input_ids: padded,
        eos_token_id: null,
        max_new_tokens: 4,
        positions: 'model',
        use_cache,
        return_dict_in_generate: true,
        output_logits: true,
      })
      const alone = model({ input_ids: sequences.at(':1', '2:-1') })
      expectClose(torch.stack([...logits], 1).slice(0, 0, 1), alone.logits.slice(1, 1), 1e-5, 'logits')
    }
  })

  it('refuses what it cannot do, by name', async () => {
    const model = make()
    const refused: [object, RegExp][] = [
      [{ input_ids, num_beams: 4 }, /num_beams 4/],
      [{ input_ids, max_new_token: 4 }, /no option 'max_new_token'/],
      [{ input_ids, stop_strings: ['.'] }, /stop_strings/],
      [{ input_ids, max_length: 3 }, /prompt has 3 tokens, max_length is 3/],
      [{ input_ids, do_sample: true, temperature: 0 }, /temperature must be above 0, is 0/],
      [
        { input_ids, do_sample: true, top_p: 0.5, top_k: 1.5 },
        /top_k must be a whole number above 0, is 1.5/,
      ],
      [{ input_ids, bad_words_ids: [[60]] }, /whole numbers in 0..59, is \[60\]/],
      [{ input_ids, suppress_tokens: [-1] }, /token id -1 lies outside the vocabulary, 0..59/],
      [{ input_ids, inputs_embeds: torch.zeros([2, 3, 16]) }, /not both/],
      [{ bos_token_id: null }, /bos_token_id, which is not set/],
      [{ input_ids, positions: 'columns' }, /positions must be/],
    ]
    for (const [options, message] of refused) {
      const generating = model.generate(options)
      await expect(generating).rejects.toThrow(ArgumentError)
      await expect(generating).rejects.toThrow(message)
    }
    await expect(model.generate({ input_ids, num_return_sequences: 2 })).rejects.toThrow(ConfigError)
    await expect(model.generate({ input_ids: input_ids.select(0, 0) })).rejects.toThrow(ShapeError)
    await expect(
      model.generate({ input_ids, attention_mask: torch.ones([2, 2], { dtype: torch.int64 }) }),
    ).rejects.toThrow(/attention_mask has shape \(2,2\)/)
    await expect(make({ is_decoder: false }).generate({ input_ids })).rejects.toThrow(/is_decoder/)
  })
})

describe('GenerationConfig', () => {
  it('is read and written with the model, unknown fields included', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'robertorch-generation-'))
    try {
      const model = make()
      expect(model.generation_config).toMatchObject({
        eos_token_id: 2,
        bos_token_id: 0,
        pad_token_id: 1,
        top_k: 50,
      })
      model.generation_config = new GenerationConfig({
        max_new_tokens: 2,
        eos_token_id: [58, 59],
        mine: 'kept',
      })
      await model.save_pretrained(folder)
      const path = join(folder, 'generation_config.json')
      expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
        eos_token_id: [58, 59],
        max_new_tokens: 2,
        mine: 'kept',
      })
      const loaded = await RobertaForCausalLM.from_pretrained(folder)
      expect(loaded.generation_config).toEqual(model.generation_config)
      expect((await loaded.generate({ input_ids })).shape).toEqual([2, 5])
      const other = new GenerationConfig({ max_new_tokens: 3 })
      expect((await loaded.generate({ input_ids, generation_config: other })).shape).toEqual([2, 6])
      expect((await loaded.generate({ input_ids, max_new_tokens: 4 })).shape).toEqual([2, 7])

      await writeFile(path, '[')
      await expect(RobertaForCausalLM.from_pretrained(folder)).rejects.toThrow(/generation_config.json/)
      await rm(path)
      await expect(GenerationConfig.from_pretrained(folder)).rejects.toThrow(/has no generation_config.json/)
      expect((await RobertaForCausalLM.from_pretrained(folder)).generation_config.eos_token_id).toBe(2)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
