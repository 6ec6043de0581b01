/**
 * A RoBERTa guide's whole program, as literally as TypeScript allows: preprocess, fine-tune three epochs, predict.
 *
 *   npx tsx examples/seed-guide.ts [folder]
 *
 * `folder` holds a RoBERTa (config.json, model.safetensors, tokenizer files), roberta-base say. Without one, a small
 * untrained model takes its place, so that the program runs anywhere.
 */

import {
  get_linear_schedule_with_warmup,
  RobertaForSequenceClassification,
  RobertaTokenizer,
  torch,
} from 'robertorch'

import { makeSmallRoberta } from './support/small-roberta.js'

const { TensorDataset, DataLoader, RandomSampler } = torch.utils.data
const { AdamW } = torch.optim

// 48 labelled sentences: each subject with each opinion.
const subjects = ['The film', 'This story', 'The music', 'That evening', 'The whole cast', 'Every scene']
const opinions = {
  positive: ['was wonderful', 'is great fun', 'made me happy', 'was a joy from beginning to end'],
  negative: ['was terrible', 'is a bad joke', 'made me angry', 'was boring from beginning to end'],
}
const combine = (endings: string[]) =>
  subjects.flatMap((subject) => endings.map((end) => `${subject} ${end}.`))
const texts = [...combine(opinions.positive), ...combine(opinions.negative)]
const all_labels = texts.map((_, i) => (i < texts.length / 2 ? 1 : 0))

torch.manual_seed(42)
const folder = process.argv[2] ?? (await makeSmallRoberta(texts))

// Load. The report names the head's weights: they are new, the base model has none.
const device = torch.device(torch.cuda.is_available() ? 'cuda' : 'cpu')
const tokenizer = await RobertaTokenizer.from_pretrained(folder)
const model = await RobertaForSequenceClassification.from_pretrained(folder, { num_labels: 2 })
model.to(device)

// Preprocess: <s> text </s>, padded to a common length, with a mask that tells tokens from padding.
const encode = (text: string) =>
  tokenizer.encode_plus(text, {
    add_special_tokens: true,
    max_length: 32,
    pad_to_max_length: true,
    truncation: true,
    return_attention_mask: true,
    return_tensors: 'pt',
  })
const all_encoded = await Promise.all(texts.map(encode))
const input_ids = torch.cat(
  all_encoded.map((encoded) => encoded.input_ids),
  { dim: 0 },
)
const attention_masks = torch.cat(
  all_encoded.map((encoded) => encoded.attention_mask),
  { dim: 0 },
)
const labels = torch.tensor(all_labels)

const epochs = 3
const dataset = new TensorDataset(input_ids, attention_masks, labels)
const loader = new DataLoader(dataset, { sampler: new RandomSampler(dataset), batch_size: 2 })
const optimizer = new AdamW(model.parameters(), { lr: process.argv[2] ? 2e-5 : 1e-3, eps: 1e-8 })
const scheduler = get_linear_schedule_with_warmup(optimizer, {
  num_warmup_steps: 0,
  num_training_steps: loader.length * epochs,
})

// Fine-tune.
model.train()
for (let epoch = 0; epoch < epochs; epoch++) {
  let total = 0
  for (const [ids, mask, y] of loader) {
    const outputs = model({
      input_ids: ids.to(device),
      attention_mask: mask.to(device),
      labels: y.to(device),
    })
    const loss = outputs[0]
    total += loss.item()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    model.zero_grad()
  }
  console.log(`epoch ${epoch + 1}: mean loss ${(total / loader.length).toFixed(4)}`)
}

// Predict.
model.eval()
for (const text of [
  'The story was great fun and made me happy.',
  'That music was bad, boring and terrible.',
]) {
  const encoded = (await encode(text)).to(device)
  const label = torch.no_grad(() => torch.argmax(model(encoded).logits, { dim: 1 }).item())
  console.log(`${label === 1 ? 'positive' : 'negative'}: ${text}`)
}
