/** Stands still at a step, the first time it comes to it, until it may go on. */
export class Pause {
  readonly reached: Promise<void>;
  readonly onStep: (step: string) => Promise<void>;
  end: () => void = () => {};

  constructor(at: string) {
    let isReached: () => void = () => {};
    this.reached = new Promise((resolve) => {
      isReached = resolve;
    });
    const ended = new Promise<void>((resolve) => {
      this.end = resolve;
    });
    let isFirst = true;
    this.onStep = async (step) => {
      if (step !== at || !isFirst) return;
      isFirst = false;
      isReached();
      await ended;
    };
  }
}
