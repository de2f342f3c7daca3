import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Subscription } from 'rxjs';
import { families } from '../../commands/families.ts';
import type { CommandHandler, CommandMeta } from '../../commands/handle.ts';
import { taskAggregate } from '../../commands/task/aggregate.ts';
import type { Database } from '../../database/database.ts';
import type { TaskFact } from '../../events/catalog/index.ts';
import type { Runner } from '../../projections/runner.ts';
import type { Process } from '../process.ts';
import { type Instance, type Task, taskTable } from './list.ts';

export interface WorkerOptions {
  readonly database: Database;
  readonly handler: Pick<CommandHandler, 'execute'>;
  /** Its checkpoints tell when a list has changed. */
  readonly runner: Pick<Runner, 'checkpoints'>;
  readonly processes: readonly Process[];
  /** The current instant, RFC 3339 in UTC. */
  readonly clock: () => string;
  readonly report: (problem: { readonly message: string; readonly error?: unknown }) => void;
  /** Longest time between two looks, in milliseconds: for deadlines; 1,000 if left out. */
  readonly pauseMs?: number;
}

const usualPauseMs = 1_000;
/** Instances that are worked on at the same time; the tasks of one are done in their order. */
const atATime = 32;
const pageSize = 500;
/** The outcome is not known, or is known soon: the task stays on the list. */
const forNow = new Set(['outcome-unknown', 'command-in-flight', 'stream-busy']);

/**
 * Does what stands on the lists of the processes. Several may work at once, and any may be killed at any time: the id of a
 * command is that of its task, so that doing it again changes nothing.
 */
export class TaskWorker {
  readonly #options: WorkerOptions;
  readonly #stop = new AbortController();
  readonly #given = new LRUCache<string, true>({ max: 10_000 });
  #running: Promise<void> | undefined;
  #hearing: Subscription | undefined;
  #wake: () => void = () => {};
  #woken = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  start(): void {
    const names = new Set(this.#options.processes.map(({ name }) => name));
    this.#hearing ??= this.#options.runner.checkpoints.subscribe(({ projection }) => {
      if (!names.has(projection)) return;
      this.#woken = true;
      this.#wake();
    });
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#hearing?.unsubscribe();
    this.#stop.abort();
    await this.#running;
  }

  /** Does what is due now on all lists, once. Answers how many commands were given. */
  async look(): Promise<number> {
    let given = 0;
    for (const process of this.#options.processes) given += await this.#work(process);
    return given;
  }

  async #run(): Promise<void> {
    const { report, pauseMs = usualPauseMs } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#woken = false;
      try {
        await this.look();
      } catch (error) {
        report({ message: 'What processes have to do could not be done; the next try is soon', error });
        await delay(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      }
      if (!this.#woken && !signal.aborted) await this.#rest(pauseMs);
    }
  }

  /** Until a list has changed, or a deadline may have come. */
  async #rest(ms: number): Promise<void> {
    const waking = new AbortController();
    this.#wake = () => waking.abort();
    const signal = AbortSignal.any([waking.signal, this.#stop.signal]);
    await delay(ms, undefined, { signal, ref: false }).catch(() => {});
    this.#wake = () => {};
  }

  async #work(process: Process): Promise<number> {
    const { database, clock } = this.#options;
    const now = clock();
    const rows = await database.query<{ doc: string }>({
      text: `select doc from ${taskTable(process.name)} where due_at <= $1 order by due_at, instance limit ${pageSize}`,
      values: [now],
    });
    const instances = rows.map(({ doc }) => JSON.parse(doc) as Instance);
    const dues = instances.map((one) => ({ ...one, open: one.open.filter((task) => this.#isDue(task, now)) }));
    const due = dues.filter(({ open }) => open.length > 0);
    let given = 0;
    for (let from = 0; from < due.length && !this.#stop.signal.aborted; from += atATime) {
      const done = due.slice(from, from + atATime).map((instance) => this.#inOrder(process, instance));
      for (const count of await Promise.all(done)) given += count;
    }
    return given;
  }

  /** What was given stays on the list until the list has heard of it. */
  #isDue({ taskId, notBefore }: Task, now: string): boolean {
    return (notBefore === undefined || notBefore <= now) && !this.#given.has(taskId);
  }

  /** Ends at the first task whose outcome is not known yet. Answers how many are done with. */
  async #inOrder(process: Process, { instance, open }: Instance): Promise<number> {
    let given = 0;
    for (const task of open) {
      if (!(await this.#give(process, instance, task))) break;
      this.#given.set(task.taskId, true);
      given += 1;
    }
    return given;
  }

  async #give(process: Process, instance: string, task: Task): Promise<boolean> {
    const { handler, report } = this.#options;
    const { command, occurredAt, reason } = task;
    const meta = {
      ...causeOf(process, task),
      ...(occurredAt !== undefined && { occurredAt }),
      ...(reason && { reason }),
    };
    const target = families.get(command.family);
    if (!target) throw new Error(`Nobody decides for streams of ${command.family}`);
    const outcome = await handler.execute(target, command.id, command.command, meta);
    if (outcome.kind === 'refused' && forNow.has(outcome.refusal.code)) return false;
    const { taskId, name } = task;
    const data = { process: process.name, instance, taskId, name };
    if (outcome.kind === 'refused') {
      const { code, message } = outcome.refusal;
      report({ message: `${process.name}: ${name} was refused: ${code}` });
      await this.#conclude(process, task, {
        type: 'TaskRefused',
        data: { ...data, code, message: message.slice(0, 500) },
      });
    } else if (!outcome.events.some(({ type }) => type in process.handles)) {
      await this.#conclude(process, task, { type: 'TaskConcluded', data });
    }
    return true;
  }

  async #conclude(process: Process, task: Task, fact: TaskFact): Promise<void> {
    await this.#options.handler.execute(taskAggregate, task.taskId, { kind: 'conclude', fact }, causeOf(process, task));
  }
}

const causeOf = ({ name }: Process, { taskId, causationId, correlationId }: Task): CommandMeta => ({
  commandId: taskId,
  actor: { kind: 'system', id: name, via: 'process' },
  causationId,
  correlationId,
  mayBeRepeat: true,
});
