import { newKeyBytes } from '../../src/events/seals/cipher.ts';
import type { OwnedKeys, PersonKeys } from '../../src/events/seals/person-keys.ts';
import { PersonErased } from '../../src/events/seals/problems.ts';
import { createSeals, type Seals } from '../../src/events/seals/seals.ts';

/** Keys of persons in memory, for tests without a database. */
export function memoryKeys(): PersonKeys {
  const all = new Map<string, Map<number, Buffer> | 'destroyed'>();
  const kept = (owner: string): Map<number, Buffer> => {
    const keys = all.get(owner) ?? new Map<number, Buffer>();
    if (keys === 'destroyed') throw new PersonErased(owner);
    all.set(owner, keys);
    return keys;
  };
  const rotate: PersonKeys['rotate'] = async (owner) => {
    const keys = kept(owner);
    keys.set(keys.size + 1, newKeyBytes());
    return keys.size;
  };
  return {
    rotate,
    async current(owner) {
      if (kept(owner).size === 0) await rotate(owner);
      const version = kept(owner).size;
      return { version, bytes: kept(owner).get(version) ?? newKeyBytes() };
    },
    async of(owners) {
      const found = owners.flatMap((owner): [string, OwnedKeys][] => {
        const keys = all.get(owner);
        if (!keys) return [];
        return [[owner, keys === 'destroyed' ? { erased: true, keys: new Map() } : { erased: false, keys }]];
      });
      return new Map(found);
    },
    async destroy(owner) {
      all.set(owner, 'destroyed');
    },
    rewrap: async () => 0,
    check: async () => {},
  };
}

export const memorySeals = (): Seals => createSeals(memoryKeys());
