/** The machine that reads a pickle: a stack, a memo, and no way to run anything. */

import { UnsafeFileError } from '../../../errors.js'
import { type Budget, cost } from './budget.js'
import type { Cursor } from './cursor.js'
import { lookUp } from './globals.js'
import { op } from './opcodes.js'
import { Callable, Dict, Instance, Tuple } from './values.js'

/** What a persistent id stands for; undefined when it has the wrong form. */
export type PersistentLoad = (id: unknown) => unknown

type Step = (machine: Machine) => void

/** Its parts are open to the instructions below and to nobody else. */
class Machine {
  stack: unknown[] = []
  readonly marks: unknown[][] = []
  readonly memo = new Map<number, unknown>()

  constructor(
    readonly cursor: Cursor,
    readonly budget: Budget,
    readonly persistent: PersistentLoad,
  ) {}

  push(value: unknown, bytes: number = cost.slot): void {
    this.budget.take(bytes, this.cursor)
    this.stack.push(value)
  }

  pop(): unknown {
    if (this.stack.length === 0) this.cursor.fail('an instruction takes more than the stack holds')
    return this.stack.pop()
  }

  top(): unknown {
    if (this.stack.length === 0) this.cursor.fail('an instruction takes more than the stack holds')
    return this.stack.at(-1)
  }

  mark(): void {
    this.budget.take(cost.container, this.cursor)
    this.marks.push(this.stack)
    this.stack = []
  }

  popMark(): unknown[] {
    const items = this.stack
    const outer = this.marks.pop()
    if (outer === undefined) this.cursor.fail('an instruction looks for a mark that was never set')
    this.stack = outer
    return items
  }

  put(index: number): void {
    this.budget.take(cost.container, this.cursor)
    this.memo.set(index, this.top())
  }

  get(index: number): void {
    if (!this.memo.has(index)) this.cursor.fail(`the memo has no entry ${index}`)
    this.push(this.memo.get(index))
  }

  tuple(count: number): void {
    const items = Array.from({ length: count }, () => this.pop()).reverse()
    this.push(new Tuple(items), cost.container)
  }

  append(items: readonly unknown[]): void {
    const list = this.top()
    if (!Array.isArray(list)) this.cursor.fail('something is appended to what is no list')
    for (const item of items) list.push(item)
  }

  setItems(items: readonly unknown[]): void {
    const target = this.top()
    if (!(target instanceof Dict) || items.length % 2 !== 0) {
      this.cursor.fail('keys and values are set on what is no dict')
    }
    this.budget.take((items.length / 2) * cost.slot, this.cursor)
    for (let i = 0; i < items.length; i += 2) target.entries.set(items[i], items[i + 1])
  }

  add(items: readonly unknown[]): void {
    const target = this.top()
    if (!(target instanceof Set)) this.cursor.fail('something is added to what is no set')
    for (const item of items) target.add(item)
  }

  global(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') this.cursor.fail('a name is no text')
    this.push(lookUp(module, name, this.cursor.path))
  }

  call(classOnly: boolean): void {
    const args = this.pop()
    const callee = this.pop()
    if (!(callee instanceof Callable) || (classOnly && !callee.isClass)) {
      throw new UnsafeFileError(`${this.cursor.path}: the file calls what cannot be called`, {
        hint: 'no writer of checkpoints does that: the file is damaged or hostile',
      })
    }
    this.budget.take(cost.tensor, this.cursor)
    const result = args instanceof Tuple ? callee.call(args.items) : undefined
    if (result === undefined) this.cursor.fail(`${callee.name} is called with arguments of the wrong form`)
    this.push(result)
  }

  build(): void {
    const state = this.pop()
    const target = this.top()
    if (!(target instanceof Instance) || target.build(state) === undefined) {
      this.cursor.fail('the state of an object does not fit it')
    }
  }

  persistentId(): void {
    const value = this.persistent(this.pop())
    if (value === undefined) this.cursor.fail('a reference to a storage has the wrong form')
    this.push(value, cost.container)
  }

  text(length: number): void {
    const bytes = this.cursor.take(length)
    this.budget.take(2 * length, this.cursor)
    this.push(bytes.toString('utf8'), cost.text)
  }

  bytes(length: number): void {
    const bytes = this.cursor.take(length)
    this.budget.take(length, this.cursor)
    this.push(new Uint8Array(bytes), cost.container)
  }
}

const steps = new Map<number, Step>([
  [op.PROTO, ({ cursor }) => checkProtocol(cursor)],
  [op.FRAME, ({ cursor }) => void cursor.u64()],
  [op.MARK, (machine) => machine.mark()],
  [op.POP, (machine) => void (machine.stack.length > 0 ? machine.pop() : machine.popMark())],
  [op.POP_MARK, (machine) => void machine.popMark()],
  [op.DUP, (machine) => machine.push(machine.top())],
  [op.NONE, (machine) => machine.push(null)],
  [op.NEWTRUE, (machine) => machine.push(true)],
  [op.NEWFALSE, (machine) => machine.push(false)],
  [op.BININT, (machine) => machine.push(machine.cursor.i32())],
  [op.BININT1, (machine) => machine.push(machine.cursor.u8())],
  [op.BININT2, (machine) => machine.push(machine.cursor.u16())],
  [op.LONG1, (machine) => machine.push(machine.cursor.long(machine.cursor.u8()), cost.container)],
  [op.LONG4, (machine) => machine.push(machine.cursor.long(machine.cursor.u32()), cost.container)],
  [op.BINFLOAT, (machine) => machine.push(machine.cursor.f64())],
  [op.SHORT_BINUNICODE, (machine) => machine.text(machine.cursor.u8())],
  [op.BINUNICODE, (machine) => machine.text(machine.cursor.u32())],
  [op.BINUNICODE8, (machine) => machine.text(machine.cursor.u64())],
  // Python 2's str; as torch.load, which takes it for UTF-8.
  [op.SHORT_BINSTRING, (machine) => machine.text(machine.cursor.u8())],
  [op.BINSTRING, (machine) => machine.text(machine.cursor.u32())],
  [op.SHORT_BINBYTES, (machine) => machine.bytes(machine.cursor.u8())],
  [op.BINBYTES, (machine) => machine.bytes(machine.cursor.u32())],
  [op.BINBYTES8, (machine) => machine.bytes(machine.cursor.u64())],
  [op.BYTEARRAY8, (machine) => machine.bytes(machine.cursor.u64())],
  [op.EMPTY_TUPLE, (machine) => machine.tuple(0)],
  [op.TUPLE1, (machine) => machine.tuple(1)],
  [op.TUPLE2, (machine) => machine.tuple(2)],
  [op.TUPLE3, (machine) => machine.tuple(3)],
  [op.TUPLE, (machine) => machine.push(new Tuple(machine.popMark()), cost.container)],
  [op.EMPTY_LIST, (machine) => machine.push([], cost.container)],
  [op.EMPTY_DICT, (machine) => machine.push(new Dict(), cost.table)],
  [op.EMPTY_SET, (machine) => machine.push(new Set(), cost.table)],
  [op.FROZENSET, (machine) => machine.push(new Set(machine.popMark()), cost.table)],
  [op.APPEND, (machine) => machine.append([machine.pop()])],
  [op.APPENDS, (machine) => machine.append(machine.popMark())],
  [op.SETITEM, (machine) => machine.setItems([machine.pop(), machine.pop()].reverse())],
  [op.SETITEMS, (machine) => machine.setItems(machine.popMark())],
  [op.ADDITEMS, (machine) => machine.add(machine.popMark())],
  [op.GLOBAL, (machine) => machine.global(machine.cursor.line(), machine.cursor.line())],
  [
    op.STACK_GLOBAL,
    (machine) => machine.global(...([machine.pop(), machine.pop()].reverse() as [unknown, unknown])),
  ],
  [op.REDUCE, (machine) => machine.call(false)],
  [op.NEWOBJ, (machine) => machine.call(true)],
  [op.BUILD, (machine) => machine.build()],
  [op.BINPERSID, (machine) => machine.persistentId()],
  [op.BINPUT, (machine) => machine.put(machine.cursor.u8())],
  [op.LONG_BINPUT, (machine) => machine.put(machine.cursor.u32())],
  [op.MEMOIZE, (machine) => machine.put(machine.memo.size)],
  [op.BINGET, (machine) => machine.get(machine.cursor.u8())],
  [op.LONG_BINGET, (machine) => machine.get(machine.cursor.u32())],
])

function checkProtocol(cursor: Cursor): void {
  const version = cursor.u8()
  if (version < 2 || version > 5) cursor.fail(`pickle protocol ${version} is not known, known are 2 to 5`)
}

const noStorages: PersistentLoad = () => undefined

/**
 * Reads one pickle from the cursor on, and leaves the cursor behind it. The result is made of the classes of
 * `values.ts`.
 *
 * @throws UnsafeFileError when it names something that is more than data, CheckpointError when it is damaged.
 */
export function unpickle(cursor: Cursor, budget: Budget, persistent: PersistentLoad = noStorages): unknown {
  const machine = new Machine(cursor, budget, persistent)
  for (;;) {
    const code = cursor.u8()
    if (code === op.STOP) break
    const step = steps.get(code)
    if (step === undefined) cursor.fail(`the pickle instruction 0x${code.toString(16)} is not known`)
    step(machine)
  }
  if (machine.marks.length > 0 || machine.stack.length !== 1) {
    cursor.fail('the pickle ends with more or less than one object')
  }
  return machine.stack[0]
}
