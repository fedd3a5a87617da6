import { MatfacError } from '../base/errors.js';
import type { Model } from '../model/model.js';

/**
 * The error of a training whose worker was lost: stopped by the system, out of memory, broken. Its code is `out-of-memory` where
 * memory is the reason, and else `unsupported`.
 */
export class TrainingLostError extends MatfacError {
  /**
   * The model of the last snapshot, which is the caller's to dispose; undefined when there was none. The worker hands over a
   * snapshot for each ten seconds of learning, beside those that `training.snapshot` asks for.
   */
  readonly model: Model | undefined;

  /** Thrown by `train`. @internal */
  constructor({ code, message }: MatfacError, model?: Model) {
    super(code, model ? `${message}; error.model is the model of its first ${model.history.length} epochs` : message);
    this.model = model;
  }
}
