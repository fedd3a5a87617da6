import { MatfacError } from '../base/errors.js';
import type { Model } from '../model/model.js';

/** The error of a training that was cancelled; its code is `aborted`. */
export class TrainingCancelledError extends MatfacError {
  /** The model of the epochs done, which is the caller's to dispose; undefined when none was done. */
  readonly model: Model | undefined;

  /** Thrown by `train`. @internal */
  constructor(model?: Model) {
    const rest = model
      ? `; error.model is the model of the ${model.history.length} epochs done`
      : ' before its first epoch was done';
    super('aborted', `Training was cancelled${rest}`);
    this.model = model;
  }
}
