import { holdExpiry } from './hold-expiry.ts';
import type { Process } from './process.ts';
import { taskList } from './tasks/list.ts';

/** Every process manager of the product. */
export const processes: readonly Process[] = [holdExpiry];

/** What they have to do, as read models. */
export const taskLists = processes.map(taskList);
