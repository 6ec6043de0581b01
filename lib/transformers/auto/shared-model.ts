/** Opening a model that another thread shared, by the class that its handle names. */

import { ArgumentError } from '../../errors.js'
import * as bert from '../bert/modeling.js'
import * as camembert from '../camembert/modeling.js'
import type { AnyPreTrainedModel, ModelClass, PreTrainedModel } from '../modeling/pretrained-model.js'
import type { SharedModelToken } from '../modeling/shared-model.js'
import * as roberta from '../roberta/modeling.js'
import * as xlmRoberta from '../xlm-roberta/modeling.js'

const classes: Record<string, unknown> = { ...roberta, ...xlmRoberta, ...camembert, ...bert }

/**
 * A model over the weights of one that another thread shared, of the same class and in the same mode; nothing is copied.
 * What a thread changes in place the others see; gradients are each thread's own.
 *
 * @throws ArgumentError for what is no handle, one that was opened or disposed before, and a class of the caller's own
 * (`Class.fromShared` opens that).
 */
export function fromSharedModel(token: SharedModelToken): AnyPreTrainedModel {
  const Class = classes[token?.model] as (ModelClass & Pick<typeof PreTrainedModel, 'fromShared'>) | undefined
  if (Class === undefined) {
    throw new ArgumentError(`there is no model class '${token?.model}' to open`, {
      hint: 'fromSharedModel takes the handle that model.share() gave; a class of your own opens its handles itself',
    })
  }
  return Class.fromShared(token)
}
