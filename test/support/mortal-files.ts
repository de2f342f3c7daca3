import type * as FileSystem from 'node:fs/promises';

/** The process died: nothing that it does afterwards has an effect. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** Lets so many changes of files happen; the one after them is done by half or not at all, and nothing after it. */
export const mortality = {
  left: Number.POSITIVE_INFINITY,
  /** Changes since the last reset. */
  changes: 0,
  reset(left: number): void {
    mortality.left = left;
    mortality.changes = 0;
  },
};

type Change = (...given: never[]) => Promise<unknown>;

function mortal<Work extends Change>(work: Work, half?: Work): Work {
  const step = async (...given: never[]): Promise<unknown> => {
    mortality.changes += 1;
    mortality.left -= 1;
    if (mortality.left >= 0) return work(...given);
    if (mortality.left === -1 && half) await half(...given);
    throw new Died('killed');
  };
  return step as Work;
}

const changing = ['write', 'writev', 'writeFile', 'truncate', 'sync', 'datasync'] as const;

/** `node:fs/promises` for vi.mock: reads as usual, changes as long as `mortality` lets them. */
export function mortalFileSystem(real: typeof FileSystem): typeof FileSystem {
  const open = async (...given: Parameters<typeof real.open>): Promise<FileSystem.FileHandle> => {
    const handle = await (given[1] === 'w' || given[1] === 'w+' ? mortal(real.open) : real.open)(...given);
    const halfWritten = async (pieces: readonly Uint8Array[], offset: number) => {
      const bytes = Buffer.concat(pieces);
      await handle.write(bytes, 0, bytes.length >> 1, offset);
    };
    const changes = Object.fromEntries(
      changing.map((name) => {
        const work = handle[name].bind(handle) as unknown as Change;
        return [name, mortal(work, name === 'writev' ? (halfWritten as unknown as Change) : undefined)];
      }),
    );
    return new Proxy(handle, {
      get(target, name) {
        if (typeof name === 'string' && name in changes) return changes[name];
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  return {
    ...real,
    open: open as typeof real.open,
    rename: mortal(real.rename),
    rm: mortal(real.rm),
    mkdir: mortal(real.mkdir as Change) as unknown as typeof real.mkdir,
  };
}
