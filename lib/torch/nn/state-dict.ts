/** A module's state: its names, the hooks on saving and loading it, and the report of names that do not fit. */

import { CheckpointError } from '../../errors.js'
import { no_grad } from '../modes.js'
import type { Tensor } from '../tensor.js'
import { HookList } from './hooks.js'
import type { AnyModule } from './module.js'

/** Tensors by dotted name. */
export type StateDict = Record<string, Tensor>

/** What a load found amiss. */
export interface IncompatibleKeys {
  missing_keys: string[]
  unexpected_keys: string[]
}

/** What PyTorch keeps beside a module's state: the version of its form. */
export interface LocalMetadata {
  version: number
}

/** Before a module's state is read. */
export type StateDictPreHook = (module: AnyModule, prefix: string, keep_vars: boolean) => void
/** After a module's state was read, with all below it; may change the state. */
export type StateDictPostHook = (
  module: AnyModule,
  state_dict: StateDict,
  prefix: string,
  local_metadata: LocalMetadata,
) => void
/** Before a state is loaded; may change the state, which is a copy, and add to the lists. */
export type LoadStateDictPreHook = (
  module: AnyModule,
  state_dict: StateDict,
  prefix: string,
  local_metadata: LocalMetadata,
  strict: boolean,
  missing_keys: string[],
  unexpected_keys: string[],
  error_msgs: string[],
) => void
/** After a state was loaded; may change the lists, which `strict` looks at afterwards. */
export type LoadStateDictPostHook = (module: AnyModule, incompatible_keys: IncompatibleKeys) => void

export class StateHooks {
  readonly beforeSave = new HookList<StateDictPreHook>()
  readonly afterSave = new HookList<StateDictPostHook>()
  readonly beforeLoad = new HookList<LoadStateDictPreHook>()
  readonly afterLoad = new HookList<LoadStateDictPostHook>()
}

/** A module of the tree that is saved or loaded, as the module above knows it. */
export interface StateNode {
  module: AnyModule
  /** Ends with a dot, or is empty. */
  prefix: string
  /** Own parameters and persistent buffers. */
  own: [name: string, tensor: Tensor][]
  hooks: StateHooks
  children: StateNode[]
}

const version: LocalMetadata = { version: 1 }

/** Adds the state of a module and all below it to `state`. */
export function readState({ module, prefix, own, hooks, children }: StateNode, state: StateDict): StateDict {
  for (const hook of hooks.beforeSave) hook(module, prefix, false)
  for (const [name, tensor] of own) state[prefix + name] = tensor.detach()
  for (const child of children) readState(child, state)
  for (const hook of hooks.afterSave) hook(module, state, prefix, version)
  return state
}

// Parents first.
const nodesOf = (node: StateNode): StateNode[] => [node, ...node.children.flatMap(nodesOf)]

/**
 * Copies tensors into those of the same name. Nothing is written unless all shapes fit, and no name is amiss where
 * `strict` and no hook that runs after loading may decide otherwise.
 *
 * @throws CheckpointError for another shape, and when `strict` for missing or unexpected names.
 */
export function loadState(root: StateNode, given: Readonly<StateDict>, strict: boolean): IncompatibleKeys {
  const nodes = nodesOf(root)
  const state = { ...given }
  const added: IncompatibleKeys = { missing_keys: [], unexpected_keys: [] }
  const errors: string[] = []
  for (const { module, prefix, hooks } of nodes) {
    for (const hook of hooks.beforeLoad) {
      hook(module, state, prefix, version, strict, added.missing_keys, added.unexpected_keys, errors)
    }
  }
  const owner = root.module.constructor.name
  if (errors.length > 0) throw new CheckpointError(`the state does not fit ${owner}: ${errors.join('; ')}`)

  const targets = new Map(nodes.flatMap(({ prefix, own }) => own.map(([name, to]) => [prefix + name, to])))
  const incompatible: IncompatibleKeys = {
    missing_keys: [
      ...added.missing_keys,
      ...[...targets.keys()].filter((name) => !Object.hasOwn(state, name)),
    ],
    unexpected_keys: [...added.unexpected_keys, ...Object.keys(state).filter((name) => !targets.has(name))],
  }
  const late = nodes.some(({ hooks }) => !hooks.afterLoad.isEmpty)
  if (!late) requireAll(owner, incompatible, strict)
  copyState(targets, state)
  // Children first.
  for (const { module, hooks } of nodes.toReversed()) {
    for (const hook of hooks.afterLoad) hook(module, incompatible)
  }
  if (late) requireAll(owner, incompatible, strict)
  return incompatible
}

function requireAll(
  owner: string,
  { missing_keys, unexpected_keys }: IncompatibleKeys,
  strict: boolean,
): void {
  if (!strict || missing_keys.length + unexpected_keys.length === 0) return
  throw new CheckpointError(
    `the state does not fit ${owner}: missing ${list(missing_keys)}; unexpected ${list(unexpected_keys)}`,
    { hint: 'pass { strict: false } to load what fits' },
  )
}

function copyState(targets: ReadonlyMap<string, Tensor>, state: Readonly<StateDict>): void {
  const pairs = [...targets].filter(([name]) => Object.hasOwn(state, name))
  for (const [name, target] of pairs) {
    const source = state[name] as Tensor
    if (String(source.shape) === String(target.shape)) continue
    throw new CheckpointError(
      `${name} has shape (${source.shape}) in the state, (${target.shape}) in the module`,
    )
  }
  no_grad(() => {
    for (const [name, target] of pairs) target.copy_(state[name] as Tensor)
  })
}

const list = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '))
