/** Random configurations of every family and head: initial weights, then outputs, losses and gradients from a folder. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import * as robertorch from '../../lib/index.js'
import { torch } from '../../lib/index.js'
import { native } from '../../lib/torch/native.js'
import type { Tensor } from '../../lib/torch/tensor.js'
import type { AnyPreTrainedModel, ModelClass } from '../../lib/transformers/modeling/pretrained-model.js'
import { type AnyOutput, run } from '../../test/native/roberta/reference.js'
import { type Check, Collector, type Context } from './check.js'
import { drawInputs, drawSpecs, type FamilySpec } from './family-specs.js'

type Loadable = ModelClass & Pick<typeof robertorch.PreTrainedModel, 'from_pretrained'>
const classes = robertorch as unknown as Record<
  string,
  Loadable & (new (config: object) => AnyPreTrainedModel)
>
const specsOf = ({ short }: Context) => drawSpecs(short ? 1 : 6)
const folderOf = ({ folder }: Context, spec: FamilySpec) => join(folder, 'families', spec.name)

function make(spec: FamilySpec): AnyPreTrainedModel {
  const [Model, Config] = [classes[spec.class], classes[spec.config_class]]
  if (!Model || !Config) throw new Error(`there is no ${spec.class}`)
  torch.manual_seed(spec.seed)
  return new Model(new Config(spec.config) as never)
}

const plain = [
  'loss',
  'logits',
  'prediction_logits',
  'seq_relationship_logits',
  'start_logits',
  'end_logits',
  'last_hidden_state',
  'pooler_output',
] as const
const lists = ['hidden_states', 'attentions', 'cross_attentions'] as const

function addOutputs(results: Collector, prefix: string, outputs: AnyOutput): void {
  const named = outputs as Record<string, Tensor | readonly Tensor[] | undefined>
  for (const key of plain) if (named[key]) results.add(`${prefix}/${key}`, named[key] as Tensor)
  for (const key of lists)
    for (const [i, tensor] of ((named[key] ?? []) as readonly Tensor[]).entries())
      results.add(`${prefix}/${key}/${i}`, tensor)
}

const perToken = ['input_ids', 'token_type_ids', 'position_ids', 'attention_mask']

/** The first tokens fill a cache, the others follow with it. */
function addCached(
  results: Collector,
  model: AnyPreTrainedModel,
  spec: FamilySpec,
  inputs: Record<string, Tensor>,
): void {
  const first = spec.cached as number
  const { labels: _, ...rest } = inputs
  const part = (from: number, to: number | null, cut: readonly string[]) =>
    Object.fromEntries(
      Object.entries(rest).map(([key, value]) => [key, cut.includes(key) ? value.slice(1, from, to) : value]),
    )
  torch.no_grad(() => {
    const { past_key_values } = run(model, { ...part(0, first, perToken), use_cache: true })
    const later = part(first, null, perToken.slice(0, 3))
    addOutputs(results, `${spec.name}/cached`, run(model, { ...later, past_key_values, use_cache: true }))
  })
}

/** Training mode draws the same numbers in every run, with gradient checkpointing twice. */
function addTrained(
  results: Collector,
  model: AnyPreTrainedModel,
  spec: FamilySpec,
  inputs: Record<string, Tensor>,
): void {
  model.train()
  for (const kind of ['kept', 'recomputed']) {
    if (kind === 'recomputed') model.gradient_checkpointing_enable(spec.checkpointing ?? {})
    model.zero_grad()
    torch.manual_seed(spec.seed)
    const outputs = run(model, { ...inputs, use_cache: false })
    const prefix = `${spec.name}/${kind}`
    addOutputs(results, prefix, outputs)
    scalarOf(outputs).backward()
    results.add(`${prefix}/rng_state`, torch.get_rng_state())
    results.addParameters(`${prefix}/grad`, model.named_parameters(), (parameter) => parameter.grad)
  }
  model.gradient_checkpointing_disable()
  model.eval()
}

const scalarOf = (outputs: AnyOutput): Tensor =>
  outputs.loss ?? (outputs.last_hidden_state as Tensor).square().mean()

function addPruned(
  results: Collector,
  model: AnyPreTrainedModel,
  spec: FamilySpec,
  { head_mask: _, ...inputs }: Record<string, Tensor>,
): void {
  const name = `${spec.name}/pruned`
  torch.manual_seed(spec.seed)
  model.prune_heads(spec.pruned ?? {})
  results.add(`${name}/rng_state`, torch.get_rng_state())
  results.facts[name] = model.config.pruned_heads
  results.addParameters(`${name}/weights`, model.named_parameters())
  addOutputs(
    results,
    name,
    torch.no_grad(() => run(model, { ...inputs, use_cache: false })),
  )
}

export const families: Check = {
  name: 'families',
  compared:
    'random configurations of every family and head: initial weights, outputs, losses, gradients with and without checkpointing, caches, pruned heads, relative positions; .bin, safetensors, shards',
  async prepare(context) {
    const specs = specsOf(context)
    const inputs: [string, Tensor][] = []
    for (const spec of specs) {
      await make(spec).save_pretrained(folderOf(context, spec), spec.form)
      for (const [key, tensor] of Object.entries(drawInputs(spec)))
        inputs.push([`${spec.name}/${key}`, tensor])
    }
    await writeFile(join(context.folder, 'families.json'), JSON.stringify(specs))
    await native.saveSafetensors(join(context.folder, 'families-inputs.safetensors'), inputs, {})
  },
  async ours(context) {
    const results = new Collector()
    // From the file, as Python: where a tensor lies in memory decides the last bits of small products.
    const { tensors } = await native.loadSafetensors(join(context.folder, 'families-inputs.safetensors'))
    for (const spec of specsOf(context)) {
      const fresh = make(spec)
      results.addParameters(`${spec.name}/initial`, fresh.named_parameters())
      results.add(`${spec.name}/rng_state`, torch.get_rng_state())
      const inputs = Object.fromEntries(
        tensors
          .filter(([key]) => key.startsWith(`${spec.name}/`))
          .map(([key, tensor]) => [key.slice(spec.name.length + 1), tensor]),
      )
      const model = await (classes[spec.class] as Loadable).from_pretrained(folderOf(context, spec), {
        attn_implementation: spec.attention,
      })
      const eager = spec.attention === 'eager'
      const outputs = run(model, { ...inputs, output_hidden_states: true, output_attentions: eager })
      addOutputs(results, spec.name, outputs)
      scalarOf(outputs).backward()
      results.addParameters(`${spec.name}/grad`, model.named_parameters(), (parameter) => parameter.grad)
      if (spec.cached !== null) addCached(results, model, spec, inputs)
      if (spec.checkpointing !== null) addTrained(results, model, spec, inputs)
      if (spec.pruned !== null) addPruned(results, model, spec, inputs)
    }
    return results
  },
}
