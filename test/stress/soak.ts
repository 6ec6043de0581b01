// npm run soak: a three-layer network trained in a plain loop, no scope, no dispose, nothing awaited. Resident memory must
// stay flat after the first thousand steps.
//
//   --steps N   how many (default 100000)
//
// Prints resident memory by step. Exits with 1 when it grew, or when the network did not learn.

import process from 'node:process'

import { Command, InvalidArgumentError } from 'commander'

import { torch } from '../../lib/index.js'

const settled = 1000
/** MiB: V8 collects when it sees fit, so that resident memory is a sawtooth. */
const sawtooth = 32
const reports = 10

function count(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 2 * settled) {
    throw new InvalidArgumentError(`must be a whole number from ${2 * settled}`)
  }
  return value
}

const { steps } = new Command('soak')
  .description('a long plain training loop: is memory flat?')
  .option('--steps <n>', 'training steps', count, 100_000)
  .parse()
  .opts<{ steps: number }>()

// Two threads on a busy machine wait for each other longer than they compute.
torch.set_num_threads(1)
torch.manual_seed(0)
const { Linear, MSELoss, ReLU, Sequential } = torch.nn
const network = new Sequential(
  new Linear(16, 64),
  new ReLU(),
  new Linear(64, 64),
  new ReLU(),
  new Linear(64, 1),
)
const optimizer = new torch.optim.SGD(network.parameters(), { lr: 0.01, momentum: 0.9 })
const criterion = new MSELoss()

const resident = () => process.memoryUsage.rss() / 2 ** 20
const losses: number[] = []
let atStart = 0
let highest = 0
for (let step = 1; step <= steps; step++) {
  const x = torch.randn([32, 16])
  const loss = criterion(network(x), x.narrow(1, 0, 1).sin())
  optimizer.zero_grad()
  loss.backward()
  optimizer.step()
  if (step === 1 || step === steps) losses.push(loss.item())
  const now = resident()
  if (step <= settled) atStart = Math.max(atStart, now)
  else highest = Math.max(highest, now)
  if (step === settled || step % (steps / reports) === 0) {
    console.log(`step ${step}: ${now.toFixed(0)} MiB resident, ${torch.memory().tensors} tensors live`)
  }
}

const growth = highest - atStart
console.log(
  `growth after step ${settled}: ${growth.toFixed(1)} MiB; loss ${losses.map((loss) => loss.toFixed(3)).join(' -> ')}`,
)
const [first = 0, last = Infinity] = losses
if (growth > sawtooth || !(last < first)) process.exitCode = 1
