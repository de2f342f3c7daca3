import type { AccessFact } from '../../events/catalog/index.ts';
import type { Seals } from '../../events/seals/seals.ts';
import type { AccessLog } from './log.ts';

/** Who looks, and whether it may see what is known of persons. */
export interface Viewer {
  readonly reader: AccessFact['data']['reader'];
  readonly role?: string;
  readonly mayReadPersons: boolean;
}

/** The one door from what is kept to those who read it. */
export interface Viewing {
  /**
   * Documents and events as this viewer sees them: what is sealed is opened for those who may read it, and marked `[sealed]`,
   * `[erased]` or `[unreadable]` otherwise. What was opened is in the access log before this resolves. `subject` is what was asked
   * for, e.g. a stream. Rejects with AccessNotRecorded.
   */
  show<Document>(document: Document, viewer: Viewer, subject: string): Promise<Document>;
  /** Notes that the history or the evidence of `subject` is given out; before that. Rejects with AccessNotRecorded. */
  evidence(viewer: Viewer, subject: string): Promise<void>;
}

const mostPersons = 1000;

export function createViewing(seals: Pick<Seals, 'open'>, log: AccessLog, clock: () => string): Viewing {
  const readBy = ({ reader, role }: Viewer, subject: string) => ({
    reader,
    ...(role !== undefined && { role }),
    readAt: clock(),
    subject,
  });
  return {
    async show(document, viewer, subject) {
      const opened = await seals.open(document, viewer.mayReadPersons ? 'plain' : 'masked');
      const read = readBy(viewer, subject);
      const reads: Promise<void>[] = [];
      for (let from = 0; from < opened.persons.length; from += mostPersons) {
        const persons = opened.persons.slice(from, from + mostPersons);
        reads.push(log.record({ type: 'PersonalDataRead', data: { ...read, persons } }));
      }
      await Promise.all(reads);
      return opened.document;
    },
    evidence: (viewer, subject) => log.record({ type: 'EvidenceRead', data: readBy(viewer, subject) }),
  };
}
