import { describe, expect, it } from 'vitest'

import { torch } from '../../../lib/index.js'
import type { Tensor } from '../../../lib/torch/tensor.js'
import { expectClose } from './close.js'
import { attentionImplementations, run, tinyModels } from './reference.js'

torch.set_num_threads(1)

// Above the ids that are special in any family, below the vocabulary of 200.
const firstId = 10
const lengths = [11, 3, 7, 1, 20]

/** The texts of `lengths` tokens, of the given kind by head: choices are two texts of one length each. */
function texts(choices: number): Tensor[] {
  torch.manual_seed(8)
  return lengths.map((length) => {
    const ids = torch.randint(firstId, 200, [choices, length])
    return choices === 1 ? ids.select(0, 0) : ids
  })
}

// These weights make logits of 20 and more, whose float32 rounding alone is near 1e-5 (SOURCE.txt: 1.4e-5 in Python, too):
// there the limit is relative. In float64 rounding hides nothing.
const dtypes = [
  ['float32', 1e-5],
  ['float64', 1e-12],
] as const
const limitOf = (tensor: Tensor, limit: number) => limit * Math.max(1, tensor.detach().abs().max().item())

const outputNames = ['logits', 'start_logits', 'end_logits', 'last_hidden_state', 'pooler_output'] as const

describe.each(attentionImplementations)('a text alone and in a mixed padded batch, %s', (attention) => {
  describe.each(dtypes)('%s', (dtype, limit) => {
    it.each(tinyModels)('has the same outputs: $name', async ({ Class, folder, name }) => {
      const model = await Class.from_pretrained(folder, { attn_implementation: attention, dtype })
      const rows = texts(name.endsWith('multiple-choice') ? 2 : 1)
      const longest = Math.max(...lengths)
      const padded = (fill: number, of: (row: Tensor) => Tensor) =>
        torch.stack(
          rows.map((row) => torch.nn.functional.pad(of(row), [0, longest - row.size(-1)], 'constant', fill)),
        )
      const together = run(model, {
        input_ids: padded(model.config.pad_token_id, (row) => row),
        attention_mask: padded(0, (row) => torch.ones_like(row)),
      })
      let compared = 0
      for (const [i, row] of rows.entries()) {
        const alone = run(model, { input_ids: row.unsqueeze(0) })
        for (const key of outputNames) {
          const [own, batch] = [alone[key]?.select(0, 0), together[key]?.select(0, i)]
          if (own === undefined || batch === undefined) continue
          // Tokens are the first dimension where there is one output for each.
          const perToken = own.ndim === 2 || key.endsWith('_logits')
          const mine = perToken ? batch.slice(0, 0, row.size(-1)) : batch
          expectClose(mine, own, limitOf(own, limit), `${key}, text ${i}`)
          compared++
        }
      }
      expect(compared).toBeGreaterThanOrEqual(rows.length)
    })
  })
})
