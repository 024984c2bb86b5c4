import { EXIT } from './exit-codes.js';
import { withConnection } from './open-connection.js';
import type { PictureFlags } from './show-picture.js';
import { showPicture } from './show-picture.js';
import { tellReading } from './tell-reading.js';

/** The flags of `resumable inspect`. */
export interface InspectFlags extends PictureFlags {
  readonly timeoutMs?: number;
  readonly config?: string;
}

/** Shows how an execution stands. */
export async function inspectCommand(
  connection: string,
  workflow: string,
  execution: string,
  { timeoutMs, config, ...picture }: InspectFlags,
): Promise<number> {
  return await withConnection(connection, { config }, (opened) =>
    tellReading(picture.json === true, async (signal) => {
      await showPicture(await opened.inspect({ workflow, execution }, { timeoutMs, signal }), picture);
      return EXIT.accepted;
    }),
  );
}
