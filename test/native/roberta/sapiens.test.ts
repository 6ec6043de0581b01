import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { torch } from '../../../lib/index.js'
import { native } from '../../../lib/torch/native.js'
import type { Tensor } from '../../../lib/torch/tensor.js'
import { expectClose, zeroPadding } from './close.js'
import { attentionImplementations } from './reference.js'
import { encodeResidues, loadSapiens, readJson, sapiensFolder } from './sapiens.js'

// As the references were made.
torch.set_num_threads(1)

// SOURCE.txt: correct float32 programs differ by up to 8.1e-5 on the shortest sequences of vh, from 30 residues on by
// 1.2e-5; "allow several times that".
const toleranceFor = (residues: number) => (residues < 30 ? 2e-4 : 5e-5)

interface Reference {
  sequences: { name: string; sequence: string; length: number; input_ids: number[]; argmax: number[] }[]
  batch: {
    input_ids: number[][]
    attention_mask: number[][]
    labels: number[][]
    loss: number
    grad_norms: Record<string, number>
  }
}

for (const chain of ['vh', 'vl'] as const) {
  const { sequences, batch } = await readJson<Reference>(sapiensFolder(chain), 'reference.json')
  const expected = new Map(
    (await native.loadSafetensors(join(sapiensFolder(chain), 'reference.safetensors'))).tensors,
  )
  const reference = (name: string) => expected.get(name) as Tensor
  const idsOf = (name: string) => torch.tensor([sequences.find((one) => one.name === name)?.input_ids ?? []])

  describe.each(attentionImplementations)(`sapiens ${chain}, %s`, (attention) => {
    it('gives the logits of every sequence', async () => {
      const model = await loadSapiens(chain, attention)
      for (const { name, sequence, length, input_ids, argmax } of sequences) {
        const ids = encodeResidues(sequence)
        expect(ids.tolist(), name).toEqual([input_ids])
        const logits = model({ input_ids: ids }).logits.select(0, 0)
        expectClose(logits, reference(`${name}.logits`), toleranceFor(length), name)
        expect(logits.argmax(-1).tolist(), name).toEqual(argmax)
      }
    })

    it('gives hidden states and attention probabilities', async () => {
      const model = await loadSapiens(chain, attention)
      const inputs = { output_hidden_states: true, output_attentions: true }
      const states = (hidden: readonly Tensor[] | undefined) => torch.cat([...(hidden ?? [])])

      const short = model({ input_ids: idsOf('thirteen'), ...inputs })
      expectClose(states(short.hidden_states), reference('thirteen.hidden_states'), 2e-4, 'hidden states')
      const [probabilities] = short.attentions ?? []
      expectClose(
        (probabilities as Tensor).select(0, 0),
        reference('thirteen.attentions.0'),
        1e-5,
        'probabilities',
      )

      const long = model({ input_ids: idsOf('whole-1'), ...inputs })
      const hidden = states(long.hidden_states) // (layers + 1, tokens, hidden)
      const residues = hidden.slice(1, 1, hidden.size(1) - 1)
      expectClose(residues.mean([1]), reference('whole-1.hidden_mean'), 5e-5, 'mean over residues')
      expectClose(hidden.select(1, 0), reference('whole-1.hidden_first'), 5e-5, '<s>')
    })

    it('gives loss and gradients of a padded batch', async () => {
      const model = await loadSapiens(chain, attention)
      const attention_mask = torch.tensor(batch.attention_mask)
      const { loss, logits } = model({
        input_ids: torch.tensor(batch.input_ids),
        attention_mask,
        labels: torch.tensor(batch.labels),
      })
      expectClose(zeroPadding(logits, attention_mask, 0, 1), reference('batch.logits'), 2e-4, 'logits')
      expect(Math.abs((loss as Tensor).item() - batch.loss)).toBeLessThan(1e-5)

      loss?.backward()
      const gradients = new Map(model.named_parameters().map(([name, parameter]) => [name, parameter.grad]))
      expect([...gradients.keys()].sort()).toEqual(Object.keys(batch.grad_norms).sort())
      for (const [name, wanted] of Object.entries(batch.grad_norms)) {
        const norm = (gradients.get(name) as Tensor).norm(2, { dtype: torch.float64 }).item()
        // Key biases have gradient 0 but for rounding.
        if (name.endsWith('key.bias')) expect(norm, name).toBeLessThan(1e-5)
        else expect(Math.abs(norm - wanted) / wanted, name).toBeLessThan(2e-4)
      }
      for (const [key, wanted] of expected) {
        if (!key.startsWith('batch.grad.')) continue
        expectClose(gradients.get(key.slice('batch.grad.'.length)) as Tensor, wanted, 2e-5, key)
      }
    })
  })
}
