import type { Database } from '@sheaf/db/database';
import { listQueueSettings, queueSettingsChannel } from '@sheaf/db/queues/queue-settings';
import { type QueueName, queueNames } from '@sheaf/domain/queue-name';
import type { JobConsumer } from '@sheaf/queue/job-consumer';
import type { Logger } from '@sheaf/runtime/logger';

export interface FollowDeps {
  db: Database;
  logger: Logger;
  consumer: Pick<JobConsumer, 'pause' | 'resume' | 'setConcurrency'>;
  /** Jobs at once where nobody has set otherwise. */
  defaults: Readonly<Record<QueueName, number>>;
}

export interface FollowedQueues {
  /** Reads what is set and applies it. */
  apply(): Promise<void>;
  /** Downloads that this worker gathers or packs at once, whichever is more. */
  downloadsAtOnce(): number;
  close(): Promise<void>;
}

/**
 * Pauses, resumes and widens this worker's queues as administrators have set: at once when they do, and with each
 * heartbeat, should the message have been lost. Rejects where the settings cannot be read at first.
 */
export async function followQueueSettings({ db, logger, consumer, defaults }: FollowDeps): Promise<FollowedQueues> {
  const concurrency = { ...defaults };

  async function apply(): Promise<void> {
    const settings = new Map((await listQueueSettings(db.orm)).map((row) => [row.name, row]));
    for (const name of queueNames) {
      const set = settings.get(name);
      concurrency[name] = set?.concurrency ?? defaults[name];
      consumer.setConcurrency(name, concurrency[name]);
      if (set?.pausedAt) consumer.pause(name);
      else consumer.resume(name);
    }
  }

  await apply();
  const subscription = await db.listen(queueSettingsChannel, () => {
    apply().catch((err: unknown) => logger.warn({ err }, 'queue settings could not be read'));
  });
  return {
    apply,
    downloadsAtOnce: () => Math.max(concurrency.gather, concurrency.pack),
    close: () => subscription.unlisten(),
  };
}
