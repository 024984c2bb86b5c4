import { wantedFrom } from './arguments.js';
import { Crew } from './crew.js';
import { Progress } from './progress.js';
import { replay } from './replay.js';
import { simulate } from './simulate.js';

const wanted = wantedFrom(process.argv.slice(2));
const { runs } = wanted;
if (runs === undefined) {
  process.exitCode = await replay(wanted, console.log);
} else {
  const progress = new Progress(console.error);
  const crew = new Crew(wanted.workers, progress);
  process.exitCode = await simulate({ ...wanted, runs }, crew, console.log, progress);
  await crew.dismiss();
}
