/** A command that cannot do what it was asked: nothing has changed. Its message is for the person at the terminal. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
