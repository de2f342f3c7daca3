import { defineProcess } from './process.ts';

/** A hold ends when its time has come: nobody has to remember it. */
export const holdExpiry = defineProcess<null>({
  name: 'hold-expiry',
  version: 1,
  about: 'Releases holds whose time has come.',
  instanceOf: ({ stream }) => stream.slice('order-'.length),
  handles: {
    HoldPlaced: (_, { stream, data: { holdId, expiresAt } }) => ({
      state: null,
      todo: expiresAt === undefined ? [] : [release(stream, holdId, expiresAt)],
    }),
    HoldReleased: (_, { data: { holdId } }) => ({ state: null, drop: [nameOf(holdId)] }),
  },
});

const nameOf = (holdId: string): string => `release ${holdId}`;

const release = (stream: string, holdId: string, expiresAt: string) =>
  ({
    name: nameOf(holdId),
    command: {
      family: 'order',
      id: stream.slice('order-'.length),
      command: { kind: 'release-hold', body: { holdId } },
    },
    notBefore: expiresAt,
    reason: { code: 'expired' },
  }) as const;
