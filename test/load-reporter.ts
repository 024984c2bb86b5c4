const dataUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

/**
 * For `node --import`: writes the URL of every ES module that the process loads to one of its streams.
 *
 * @param fileDescriptor - 1 for stdout, 2 for stderr.
 */
export function loadReporter(fileDescriptor: 1 | 2): string {
  const loader = dataUrl(`
    import { writeSync } from 'node:fs';
    export async function load(url, context, next) {
      writeSync(${fileDescriptor}, 'LOADED ' + url + '\\n');
      return next(url, context);
    }
  `);
  return dataUrl(`import { register } from 'node:module'; register(${JSON.stringify(loader)});`);
}
