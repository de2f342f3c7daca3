import type { DomainEvent, EventOf } from '../../events/decode.ts';
import { defineProjection, type Handlers, type Projection } from '../../projections/projection.ts';
import { uuidv5 } from '../../values/ids.ts';
import type { Process, Step, Todo } from '../process.ts';

/** A command that a process asked for, and what it answers to. */
export interface Task extends Todo {
  /** The id of the command as well. */
  readonly taskId: string;
  readonly causationId: string;
  readonly correlationId: string;
}

/** One instance of a process: its own state, and what is still to be done. */
export interface Instance {
  readonly instance: string;
  readonly state?: unknown;
  readonly open: readonly Task[];
  /** The last ones, newest last. */
  readonly refused: readonly RefusedTask[];
}

interface RefusedTask {
  readonly task: Task;
  readonly code: string;
  readonly message: string;
  readonly at: string;
}

type Ending = EventOf<'TaskConcluded'> | EventOf<'TaskRefused'>;

const namespace = '3c9f6c8e-6d0d-5f0c-9d07-6a4a0e1b77d1';
const keptRefusals = 20;
const atOnce = '1970-01-01T00:00:00.000Z';
/** Where the endings of other processes' tasks fall. */
const nobody = '';

export const taskTable = (process: string): string => `${process.replaceAll('-', '_')}_tasks`;

/** The list of a process as a read model, a row for each instance: kept up with the log, rebuilt from it, and nothing else. */
export function taskList(process: Process): Projection {
  const name = taskTable(process.name);
  return defineProjection<Instance>({
    name: process.name,
    version: process.version,
    keyOf: (event) => instanceOf(process, event),
    handles: handlersOf(process),
    kept: {
      table: name,
      key: 'instance',
      size: 'doc',
      columns: ['doc'],
      restore: ({ doc }) => JSON.parse(String(doc)) as Instance,
    },
    tables: [
      {
        name,
        columns: { instance: 'text', due_at: 'timestamptz', open: 'integer', refused: 'integer', doc: 'document' },
        key: ['instance'],
        indexes: ['due_at'],
        rows: (after) => [
          {
            instance: after.instance,
            due_at: dueAt(after),
            open: after.open.length,
            refused: after.refused.length,
            doc: JSON.stringify(after),
          },
        ],
      },
    ],
  });
}

/** When something of it is to be done next; undefined when nothing is. */
function dueAt({ open }: Instance): string | undefined {
  const [first] = open.map(({ notBefore }) => notBefore ?? atOnce).sort();
  return first;
}

const isEnding = (event: DomainEvent): event is Ending =>
  event.type === 'TaskRefused' || event.type === 'TaskConcluded';

function instanceOf(process: Process, event: DomainEvent): string {
  if (!isEnding(event)) return process.instanceOf(event);
  return event.data.process === process.name ? event.data.instance : nobody;
}

function handlersOf(process: Process): Handlers<Instance> {
  const reactions = process.handles as Readonly<Record<string, (state: unknown, event: DomainEvent) => Step<unknown>>>;
  const known = (doc: Instance | undefined, event: DomainEvent): Instance =>
    doc ?? { instance: instanceOf(process, event), open: [], refused: [] };
  const reacting = Object.entries(reactions).map(([type, react]) => [
    type,
    (doc: Instance | undefined, event: DomainEvent): Instance => {
      const before = without(known(doc, event), event.metadata.commandId);
      return stepped(before, process, event, react(before.state, event));
    },
  ]);
  return {
    ...Object.fromEntries(reacting),
    TaskConcluded: (doc: Instance | undefined, event) => without(known(doc, event), event.data.taskId),
    TaskRefused: (doc: Instance | undefined, event) => {
      const before = known(doc, event);
      const after = refused(before, event);
      const step = after === before ? undefined : process.refused?.(after.state, event);
      return step ? stepped(after, process, event, step) : after;
    },
  };
}

function stepped(before: Instance, { name }: Process, event: DomainEvent, step: Step<unknown>): Instance {
  const added = (step.todo ?? []).map((todo) => taskOf(name, todo, event));
  const off = new Set([...(step.drop ?? []), ...added.map((task) => task.name)]);
  const open = [...before.open.filter((task) => !off.has(task.name)), ...added];
  return { ...before, state: step.state, open };
}

/** The task is off the list: something came of it. */
function without(doc: Instance, taskId: string): Instance {
  const open = doc.open.filter((task) => task.taskId !== taskId);
  return open.length === doc.open.length ? doc : { ...doc, open };
}

function refused(doc: Instance, { data, metadata }: EventOf<'TaskRefused'>): Instance {
  const task = doc.open.find(({ taskId }) => taskId === data.taskId);
  if (!task) return doc;
  const entry = { task, code: data.code, message: data.message, at: metadata.occurredAt };
  return { ...without(doc, data.taskId), refused: [...doc.refused, entry].slice(-keptRefusals) };
}

function taskOf(process: string, todo: Todo, { eventId, metadata }: DomainEvent): Task {
  const taskId = uuidv5(namespace, JSON.stringify([process, eventId, todo.name]));
  return { ...todo, taskId, causationId: eventId, correlationId: metadata.correlationId };
}
