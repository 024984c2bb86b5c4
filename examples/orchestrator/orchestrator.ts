import 'reflect-metadata'; // tsyringe needs it, before itself
import type { ExecutionSnapshot, ResumableWorkflow } from 'resumable-workflow';
import { ResumeError, workflowToken } from 'resumable-workflow';
import { inject, injectable } from 'tsyringe';

/** What became of a night. */
export interface NightReport {
  readonly carriedOn: readonly ExecutionSnapshot[];
  /** What a person must look at, with the reason. */
  readonly toLookAt: readonly { readonly execution: string; readonly why: string }[];
}

/** Carries on every execution that failed last night. It knows a connection's name, and no cloud. */
@injectable()
export class NightOrchestrator {
  readonly #workflows: ResumableWorkflow;

  // With an explicit token no metadata of types is needed: esbuild and Node's type stripping emit none.
  constructor(@inject(workflowToken('glue-eu')) workflows: ResumableWorkflow) {
    this.#workflows = workflows;
  }

  async carryOn(workflow: string, since: Date): Promise<NightReport> {
    const carriedOn: ExecutionSnapshot[] = [];
    const toLookAt: { execution: string; why: string }[] = [];
    const night = since.toISOString();
    for await (const { execution } of this.#workflows.list(workflow, { state: 'failed', since })) {
      try {
        // The key makes a second run of tonight's job harmless: it gets the recorded verdict. Tomorrow's is another one,
        // for where a resume goes on under the same id, the same execution may fail again.
        const receipt = await this.#workflows.resume(
          { workflow, execution },
          { idempotencyKey: `${night}/${workflow}/${execution}`, reason: 'failed last night', actor: 'night job' },
        );
        carriedOn.push(await this.#workflows.settled(receipt));
      } catch (error) {
        if (!ResumeError.isInstance(error)) throw error;
        // Never again after an unknown effect: it may be running already.
        const why = error.effect === 'unknown' ? `unknown, intent ${error.intent}` : error.code;
        toLookAt.push({ execution, why });
      }
    }
    return { carriedOn, toLookAt };
  }
}
