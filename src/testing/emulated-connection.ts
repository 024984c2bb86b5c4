import type { VirtualClock } from './clock.js';
import type { EmulatorServer } from './emulator-server.js';

/** What every `create<Service>Emulator` takes, so that one program can set up any of them. */
export interface EmulatorSettings {
  /** @default 0, which lets the system choose */
  readonly port?: number | undefined;
  /** @default a clock that runs with the real one */
  readonly clock?: VirtualClock | undefined;
  /** The one access key that it knows. @default one made up for examples */
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly securityToken?: string | undefined;
  readonly projectId?: string | undefined;
}

/** What to connect with, and a failed workflow that waits to be resumed. */
export interface EmulatedConnection {
  readonly provider: string;
  readonly endpoint: string;
  readonly region: string;
  /** Null where the provider knows no projects. */
  readonly projectId: string | null;
  /** As the provider's options take them. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly workflow: string;
  readonly execution: string;
  readonly nodes: readonly string[];
}

/** An emulator that can say how to reach it. */
export interface DescribedEmulator extends EmulatorServer {
  describe(): EmulatedConnection;
}
