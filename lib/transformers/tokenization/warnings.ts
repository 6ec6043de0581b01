/** Warnings that Python's tokenizers give, each kind once per tokenizer, through `process.emitWarning`. */
export class Warnings {
  readonly #given = new Set<string>()

  /**
   * @param code stable name for programs that filter warnings
   * @param type `DeprecationWarning` where a spelling is outdated
   */
  once(code: string, message: string, type = 'RobertorchWarning'): void {
    if (this.#given.has(code)) return
    this.#given.add(code)
    process.emitWarning(message, { type, code })
  }
}
