import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonOf } from '../../src/http/message.js';
import type { EmulatedRequest } from '../../src/testing/emulator-server.js';
import type { EmulatedAnswer } from '../../src/testing/faults.js';
import type { AomAnswers } from './emulator-answers.js';
import type { AomExecutionDefinition, AomExecutionState } from './emulator-definition.js';
import { AomEmulatedExecution } from './emulator-execution.js';
import type { AomKnobs } from './emulator-knobs.js';
import { detailOf, historyElementOf } from './emulator-views.js';

const ACTIONS: readonly string[] = ['restart', 'skip', 'continue'];
/** A task's words where they differ from an execution's. @see the parameter `status` of the workflow list */
const TASK_WORDS: Readonly<Record<string, string>> = { running: 'executing' };

const listSchema = z.object({
  sort_field: z.string(),
  sort_type: z.string(),
  status: z.string().optional(),
  page: z.int().min(1).default(1),
  size: z.int().min(1).max(100).default(10),
});

/** The workflows and executions of one project, and what can be done with them. */
export class EmulatedService {
  readonly #projectId: string;
  readonly #clock: { readonly nowMs: number };
  readonly #knobs: AomKnobs;
  readonly #answers: AomAnswers;
  /** In order of definition; the last of a workflow is its latest execution. */
  readonly #executions = new Map<string, { definition: AomExecutionDefinition; execution: AomEmulatedExecution }>();

  constructor(projectId: string, clock: { readonly nowMs: number }, knobs: AomKnobs, answers: AomAnswers) {
    this.#projectId = projectId;
    this.#clock = clock;
    this.#knobs = knobs;
    this.#answers = answers;
  }

  define(definition: AomExecutionDefinition): AomEmulatedExecution {
    const execution = new AomEmulatedExecution(definition, this.#clock.nowMs, () => this.#knobs.ignoredErrors);
    this.#executions.set(keyOf(definition.workflow, definition.execution), { definition, execution });
    return execution;
  }

  stateOf(workflow: string, execution: string): AomExecutionState | undefined {
    return this.#find(workflow, execution)?.stateAt(this.#clock.nowMs);
  }

  operate(workflow: string, id: string, { query }: EmulatedRequest): EmulatedAnswer {
    const [action, node] = [query.get('action') ?? '', query.get('node_id') ?? ''];
    if (!ACTIONS.includes(action) || node === '') return this.#answers.badParameter();
    const execution = this.#find(workflow, id);
    if (execution === undefined) return this.#noExecution();
    if (!execution.has(node)) return this.#answers.notFound('Node not exist.');
    const again = this.#knobs.doubleSubmit === 'accept';
    const { nowMs } = this.#clock;
    if (!again && !execution.takes(action, node, nowMs)) return this.#answers.wrongState();
    execution.operate(action, node, nowMs);
    return this.#answers.success();
  }

  status(workflow: string, id: string): EmulatedAnswer {
    const execution = this.#find(workflow, id);
    if (execution === undefined) return this.#noExecution();
    return this.#answers.json(detailOf(execution, this.#projectId, this.#knobs, this.#clock.nowMs));
  }

  /** A bare array; newest first is undocumented. */
  history(workflow: string): EmulatedAnswer {
    const found = this.#of(workflow);
    if (found.length === 0) return this.#answers.notFound('workflow not exist.');
    return this.#answers.json(
      found.reverse().map((execution) => {
        return historyElementOf(execution, this.#projectId, this.#knobs, this.#clock.nowMs);
      }),
    );
  }

  execute(workflow: string): EmulatedAnswer {
    const model = [...this.#executions.values()].find(({ definition }) => definition.workflow === workflow);
    if (model === undefined) return this.#answers.notFound('workflow not exist.');
    const nodes = model.definition.nodes.map(({ id, name, kind, durationMs }) => ({ id, name, kind, durationMs }));
    const execution_id = randomUUID();
    this.define({ workflow, execution: execution_id, nodes }).begin(this.#clock.nowMs);
    return this.#answers.json({ execution_id });
  }

  terminate(workflow: string, id: string): EmulatedAnswer {
    const execution = this.#find(workflow, id);
    if (execution === undefined) return this.#noExecution();
    return execution.terminate(this.#clock.nowMs) ? this.#answers.success() : this.#answers.wrongState();
  }

  list(request: EmulatedRequest): EmulatedAnswer {
    const query = listSchema.safeParse(jsonOf(request));
    if (!query.success) return this.#answers.aom(400, '31001302', 'Invalid input parameter.');
    const { status, page, size } = query.data;
    const workflows = new Set([...this.#executions.values()].map(({ execution }) => execution.workflow));
    const found = [...workflows]
      .map((workflow) => this.#elementOf(workflow))
      .filter((element) => status === undefined || element.status === status);
    const elements = found.slice((page - 1) * size, page * size);
    return this.#answers.json({ elements, total_elements: found.length });
  }

  #elementOf(workflow: string) {
    const latest = this.#of(workflow).at(-1);
    const status = latest?.stateAt(this.#clock.nowMs).status ?? 'waitExecute';
    return {
      id: workflow,
      name: workflow,
      project_id: this.#projectId,
      status: TASK_WORDS[status] ?? status,
      last_execution_id: latest?.id,
    };
  }

  #of(workflow: string): AomEmulatedExecution[] {
    return [...this.#executions.values()].map(({ execution }) => execution).filter((one) => one.workflow === workflow);
  }

  #find(workflow: string, id: string): AomEmulatedExecution | undefined {
    return this.#executions.get(keyOf(workflow, id))?.execution;
  }

  #noExecution(): EmulatedAnswer {
    return this.#answers.notFound('Execution not exist. recordInfo is not exist.');
  }
}

function keyOf(workflow: string, execution: string): string {
  return JSON.stringify([workflow, execution]);
}
