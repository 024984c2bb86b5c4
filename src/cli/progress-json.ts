import type { Progress } from '../progress.js';
import { printJson } from './print-json.js';
import type { ProgressView } from './progress-lines.js';

/** One line of JSON for each thing that `follow` tells; the whole snapshot only in the last one. */
export class JsonView implements ProgressView {
  readonly #more: object;

  /** @param more - what every line says besides. */
  constructor(more: object = {}) {
    this.#more = more;
  }

  show(progress: Progress): void {
    const at = new Date().toISOString();
    if (progress.kind !== 'snapshot' || progress.settled) {
      printJson({ ...this.#more, at, ...progress });
      return;
    }
    const { snapshot, ...rest } = progress;
    const { workflow, execution, state, providerState } = snapshot;
    printJson({ ...this.#more, at, ...rest, workflow, execution, state, providerState });
  }

  end(): void {}
}
