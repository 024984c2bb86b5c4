import { AsyncLocalStorage } from 'node:async_hooks';

const METHODS = ['debug', 'info', 'log', 'warn', 'error', 'trace'] as const;
/** Only what the call itself prints counts: other tests may run meanwhile. */
const printedHere = new AsyncLocalStorage<string[]>();

/** Which methods of `console` a call uses, and what was printed by them does not show: it may be a secret. */
export async function printedBy(call: () => Promise<void>): Promise<readonly string[]> {
  const printed: string[] = [];
  const originals = METHODS.map((method) => [method, console[method]] as const);
  for (const [method, original] of originals) {
    console[method] = (...parts: unknown[]) => {
      const here = printedHere.getStore();
      if (here === undefined) original.apply(console, parts);
      else here.push(`console.${method}`);
    };
  }
  try {
    await printedHere.run(printed, call);
  } finally {
    for (const [method, original] of originals) console[method] = original;
  }
  return printed;
}
