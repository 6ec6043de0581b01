/** What a benchmark case is: work that both peers do in turn, and how much of it there is. */

import type { Work } from '../protocol.js'
import type { Session } from '../session.js'

export interface Case<W extends Work = Work> {
  /** For the table and for --only. */
  name: string
  /** What is asked of both peers. */
  work: W
  /** Real tokens of one repetition. */
  tokens?: number
  /** Floating-point operations of one repetition that real tokens need; a multiply-add counts two. */
  flops?: number
}

/** Does the work here; the function of the same name in `peers/huggingface.py` does it in Python. */
export type Worker<W extends Work, Reply> = (session: Session, work: W) => Reply | Promise<Reply>

/** The request of one kind of work. */
export type WorkOf<Kind extends Work['work']> = Extract<Work, { work: Kind }>
