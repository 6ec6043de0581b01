// npm run fuzz: random operators with random arguments; none may end the process, hang, or throw what is not typed.
//
//   --calls N   how many (default 20000)
//   --seed N    which (default 0); CI runs seed 0
//   --first N   the first call's number: `--first 4711 --calls 1` repeats one
//
// Prints each failing call as a line of code. Exits with 1 when there was one.

import process from 'node:process'

import { Command, InvalidArgumentError } from 'commander'

import { fuzz } from './driver.js'

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('must be a whole number from 0')
  return value
}

const options = new Command('fuzz')
  .description('random operators with random arguments')
  .option('--calls <n>', 'how many calls', whole, 20_000)
  .option('--seed <n>', 'which calls', whole, 0)
  .option('--first <n>', "the first call's number", whole, 0)
  .parse()
  .opts<{ calls: number; seed: number; first: number }>()

const { returned, refused, failures } = await fuzz({
  ...options,
  onProgress: (done) => process.stderr.write(`fuzz: ${done} of ${options.calls} calls\n`),
  // At once: a long run may be stopped before its end.
  onFailure: ({ call, how, line }) =>
    console.log(`call ${call} (--seed ${options.seed} --first ${call} --calls 1): ${how}\n  ${line}\n`),
})
console.log(`${options.calls} calls: ${returned} returned, ${refused} refused, ${failures.length} failed`)
process.exitCode = failures.length === 0 ? 0 : 1
