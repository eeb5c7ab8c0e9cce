import { holdFiles } from '@sheaf/db/backup/hold-files';
import type { Database } from '@sheaf/db/database';
import { AppError } from '@sheaf/domain/app-error';

const holdSeconds = 300;
const renewMs = 60_000;

export interface Hold {
  /** Throws where it could not be renewed: a file may be gone since. */
  assertKept(): void;
  /** Throws also where it has lapsed without having been noticed yet. */
  assertKeptUntilNow(): Promise<void>;
  /** Renews it no more. */
  stop(): void;
}

/** Holds the stored files against removal from now on, until minutes after the last one who does so has stopped or died. */
export async function keepHoldingFiles({ orm }: Pick<Database, 'orm'>): Promise<Hold> {
  let lost: Error | null = null;
  const renew = async () => {
    try {
      if (!(await holdFiles(orm, holdSeconds))) {
        lost ??= new AppError('resource.conflict', 'The backup stood still for too long. Begin it again.');
      }
    } catch (error) {
      lost ??= error as Error;
    }
  };
  const assertKept = () => {
    if (lost !== null) throw lost;
  };
  await holdFiles(orm, holdSeconds);
  const renewing = setInterval(renew, renewMs);
  return {
    assertKept,
    async assertKeptUntilNow() {
      await renew();
      assertKept();
    },
    stop: () => clearInterval(renewing),
  };
}
