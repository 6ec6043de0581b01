#!/usr/bin/env node
// The robertorch command. Each subcommand is one file here; add it to the list below.
//
// Exit codes: 0 done; 1 the command failed (its error says what to do); 2 wrong usage.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

import { Command, CommanderError } from 'commander'
import colors from 'picocolors'

import { RobertorchError } from '../errors.js'
import { packageRoot } from '../native/paths.js'
import { convertCommand } from './convert.js'
import { doctorCommand } from './doctor.js'
import { downloadCommand } from './download.js'
import { libtorchCommand } from './libtorch.js'

const usageError = 2

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }

const program = new Command('robertorch')
  .description('RoBERTa in TypeScript on LibTorch')
  .version(version)
  .showHelpAfterError()
  .addHelpText('after', '\nExit codes: 0 done, 1 the command failed, 2 wrong usage')
for (const command of [convertCommand(), doctorCommand(), downloadCommand(), libtorchCommand()])
  program.addCommand(command)
exitByThrowing(program)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Commander would end the process itself with 1 for wrong usage; subcommands do not inherit this setting. */
function exitByThrowing(command: Command): void {
  command.exitOverride()
  for (const child of command.commands) exitByThrowing(child)
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageError
  // The stack of an error that was raised on purpose says nothing to a user; any other one is a bug of ours.
  const text = error instanceof RobertorchError ? error.message : ((error as Error).stack ?? String(error))
  process.stderr.write(`${colors.red('robertorch:')} ${text}\n`)
  return 1
}
