import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

const NAME = 'resumable-workflow';

/**
 * Where this platform keeps what a program has to remember: `$XDG_STATE_HOME`, else `~/.local/state`; on macOS
 * `~/Library/Application Support`; on Windows `%LOCALAPPDATA%`.
 */
export function stateFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const { XDG_STATE_HOME = '', LOCALAPPDATA = '' } = environment;
  if (platform === 'win32') {
    const local = win32.isAbsolute(LOCALAPPDATA) ? LOCALAPPDATA : win32.join(home, 'AppData', 'Local');
    return win32.join(local, NAME);
  }
  // A relative one has to be ignored: it would be another folder in each working directory.
  if (posix.isAbsolute(XDG_STATE_HOME)) return posix.join(XDG_STATE_HOME, NAME);
  const state = platform === 'darwin' ? ['Library', 'Application Support'] : ['.local', 'state'];
  return posix.join(home, ...state, NAME);
}
