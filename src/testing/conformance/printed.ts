import { AsyncLocalStorage } from 'node:async_hooks';

/** Only what the call itself prints counts: other tests may run meanwhile, and their runner prints, too. */
const printedHere = new AsyncLocalStorage<string[]>();

type Printer = (...parts: unknown[]) => unknown;
type Printing = Record<string, Printer>;

/** What prints, by the name that it is told by. What is written to a file descriptor goes unseen. */
const PRINTERS: readonly (readonly [string, Printing, string])[] = [
  ...['debug', 'info', 'log', 'warn', 'error', 'trace', 'dir', 'table'].map(
    (method) => [`console.${method}`, console as unknown as Printing, method] as const,
  ),
  ['process.stdout.write', process.stdout as unknown as Printing, 'write'],
  ['process.stderr.write', process.stderr as unknown as Printing, 'write'],
  ['process.emitWarning', process as unknown as Printing, 'emitWarning'],
];

let watchers = 0;
let unwatch = (): void => {};

/** By what a call prints. What it prints does not show: it may be a secret. */
export async function printedBy(call: () => Promise<void>): Promise<readonly string[]> {
  const printed: string[] = [];
  // Two at a time must not take each other's watch for the original.
  if (watchers === 0) unwatch = watch();
  watchers += 1;
  try {
    await printedHere.run(printed, call);
  } finally {
    watchers -= 1;
    if (watchers === 0) unwatch();
  }
  return printed;
}

/** @returns what puts everything back as it was. */
function watch(): () => void {
  const restores = PRINTERS.map(([name, owner, method]) => {
    const own = Object.getOwnPropertyDescriptor(owner, method);
    const original = owner[method];
    owner[method] = (...parts: unknown[]) => {
      const here = printedHere.getStore();
      if (here === undefined) return original?.apply(owner, parts);
      here.push(name);
      return true;
    };
    return () => {
      if (own === undefined) delete owner[method];
      else Object.defineProperty(owner, method, own);
    };
  });
  return () => {
    for (const restore of restores) restore();
  };
}
