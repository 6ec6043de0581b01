import { torch } from 'robertorch'

import type { Example } from './spam-assassin.js'

/**
 * Splits examples so that both parts have the same mix of classes, the same way for the same seed. Equal texts stay
 * together: a text that was seen in training would make the test too easy.
 *
 * @param testPart 0 to 1
 */
export function stratifiedSplit(
  examples: readonly Example[],
  testPart: number,
  seed: number,
): { train: Example[]; test: Example[] } {
  const generator = new torch.Generator().manual_seed(seed)
  const train: Example[] = []
  const test: Example[] = []
  for (const ofOneClass of byKey(examples, ({ label }) => label)) {
    const groups = byKey(ofOneClass, ({ text }) => text)
    const order = torch.randperm(groups.length, { generator }).toTypedArray() as BigInt64Array
    let wanted = Math.round(ofOneClass.length * testPart)
    for (const index of order) {
      const group = groups[Number(index)] as Example[]
      const part = group.length <= wanted ? test : train
      if (part === test) wanted -= group.length
      part.push(...group)
    }
  }
  return { train, test }
}

function byKey<Key>(examples: readonly Example[], keyOf: (example: Example) => Key): Example[][] {
  const groups = new Map<Key, Example[]>()
  for (const example of examples) {
    const group = groups.get(keyOf(example))
    if (group) group.push(example)
    else groups.set(keyOf(example), [example])
  }
  return [...groups.values()]
}
