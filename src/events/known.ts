import type { Recorded } from './envelope.ts';

/**
 * What was recorded up to an instant. Imported history may have been recorded elsewhere long before it came here, so times of
 * recording do not rise with the position: of each stream counts what lies before its first event that was recorded later.
 * To be asked once for each event, in the order of its stream.
 */
export function knownBy(instant: string): (event: Pick<Recorded, 'stream' | 'metadata'>) => boolean {
  const end = Date.parse(instant);
  const later = new Set<string>();
  return ({ stream, metadata }) => {
    if (later.has(stream)) return false;
    if (Date.parse(metadata.recordedAt) <= end) return true;
    later.add(stream);
    return false;
  };
}
