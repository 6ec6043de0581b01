import process from 'node:process'

import { Command, InvalidArgumentError } from 'commander'

export interface QuickstartOptions {
  /** Part of the mails to use, above 0, at most 1. */
  fraction: number
  /** Passes over the training mails. */
  epochs: number
  /** Of weights, order and dropout. The split never changes. */
  seed: number
  /** Folder for the trained model. */
  out: string
  /** Texts to classify instead of the built-in ones. */
  texts: string[]
}

/** Reads the command line of `npm run quickstart -- [options] [texts…]`. */
export function readOptions(argv: string[] = process.argv): QuickstartOptions {
  const command = new Command('quickstart')
    .description('train a small RoBERTa to tell spam from other mail')
    .argument('[texts...]', 'texts to classify afterwards')
    .option('--fraction <part>', 'part of the mails to use', number(Number.MIN_VALUE, 1), 1)
    .option('--epochs <n>', 'passes over the training mails (default: 2, more with a fraction)', integer(1))
    .option('--seed <n>', 'of weights, order and dropout', integer(0), 1)
    .option('--out <folder>', 'where the trained model goes', 'build/quickstart-model')
    .parse(argv)
  const options = command.opts<Omit<QuickstartOptions, 'texts' | 'epochs'> & { epochs?: number }>()
  // What one pass over few mails teaches is next to nothing.
  const epochs = options.epochs ?? Math.min(6, Math.ceil(2 / options.fraction))
  return { ...options, epochs, texts: command.args }
}

function number(from: number, to: number) {
  return (text: string) => {
    const value = Number(text)
    if (text.trim() !== '' && value >= from && value <= to) return value
    throw new InvalidArgumentError(`must be above 0 and at most ${to}, is '${text}'`)
  }
}

function integer(from: number) {
  return (text: string) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= from) return value
    throw new InvalidArgumentError(`must be a whole number from ${from} on, is '${text}'`)
  }
}
