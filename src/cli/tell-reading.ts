import { ResumeError } from '../errors.js';
import { EXIT } from './exit-codes.js';
import { untilInterrupted } from './interrupt.js';
import { printJson } from './print-json.js';
import { showError } from './show.js';
import { Terminal } from './terminal.js';

/** Makes a call that only reads, and tells in words where it fails. Ctrl-C ends it. */
export async function tellReading(json: boolean, call: (signal: AbortSignal) => Promise<number>): Promise<number> {
  try {
    return await untilInterrupted(call);
  } catch (error) {
    if (!ResumeError.isInstance(error)) throw error;
    if (json) printJson({ status: 'refused', error });
    showError(new Terminal(process.stderr), error, '✘ could not be read');
    return EXIT.refused;
  }
}
