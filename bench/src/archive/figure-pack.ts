import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Figure } from './figure.ts';
import { interleave } from './interleave.ts';
import { packContenders } from './pack-contenders.ts';
import { writeSampleEntries } from './sample-entries.ts';

/** Seconds; whoever needs longer has only one round. */
const patience = 20;

interface Limits {
  /** What our time is measured by. */
  peer: 'cp' | 'cat';
  /** Ours may take this many times the peer's time. */
  most: number;
  /** archiver must take at least this many times ours. */
  archiver?: number;
  fasterThan?: readonly string[];
}

/** Packing files whose size and CRC-32 are known, beside copying them and beside everyone else who packs. */
export function packFigure(name: string, count: number, size: number, limits: Limits): Figure {
  return {
    name,
    async measure({ folder, rounds, only }) {
      const work = path.join(folder, name);
      try {
        const sample = await writeSampleEntries(path.join(work, 'files'), count, size);
        const all = packContenders(sample, path.join(work, 'output'));
        const contenders = new Map(
          [...all].filter(([contender]) => contender === 'sheaf' || (only?.includes(contender) ?? true)),
        );
        const medians = await interleave(contenders, { rounds, patience });
        const ours = medians.get('sheaf')!;
        const times = (peer: string) => (medians.get(peer)?.seconds ?? Number.NaN) / ours.seconds;
        const measured = (limits.fasterThan ?? []).filter((peer) => medians.has(peer));
        const peakMegabytes = (ours.peakBytes ?? 0) / 1e6;
        return {
          files: count,
          megabytes: sample.totalBytes / 1e6,
          contenders: Object.fromEntries(
            [...medians].map(([contender, { seconds, peakBytes, rounds: run }]) => [
              contender,
              { seconds, timesSheaf: seconds / ours.seconds, peakMegabytes: (peakBytes ?? 0) / 1e6, rounds: run },
            ]),
          ),
          reached: {
            [`sheaf at most ${limits.most} x ${limits.peer}`]: times(limits.peer) * limits.most >= 1,
            ...(limits.archiver === undefined || !medians.has('archiver')
              ? {}
              : { [`archiver at least ${limits.archiver} x sheaf`]: times('archiver') >= limits.archiver }),
            ...Object.fromEntries(measured.map((peer) => [`faster than ${peer}`, times(peer) > 1])),
            'peak at most 150 MB': peakMegabytes <= 150,
          },
        };
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
  };
}
