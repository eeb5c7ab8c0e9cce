const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** How patient the worker is. Tests are less so. Milliseconds throughout. */
export interface WorkerPolicy {
  /** Runs in all of one step of a download that fails for a reason that may pass (a full disk), before it is given up. */
  stepAttempts: number;
  /** Pause before the second run; doubles before each further one. */
  stepBackOff: number;
  /** Pauses before the second, third… attempt of a notification. After the last one it has failed. */
  notifyPauses: readonly number[];
  /** The longest of the pauses that a webhook may ask for with `Retry-After`. */
  notifyPauseMost: number;
  /** A webhook whose every attempt has failed for so long is switched off. */
  webhookFailingMost: number;
  /** Longest that one webhook call may take, or a mail server to greet; a whole message may take six times that. */
  notifyTimeout: number;
  /** How often the sweep runs: expiry, lost workers. */
  sweepEvery: number;
  /** How often the sweep looks for what the queue may have lost, and how long that must have been waiting. */
  lostJobsEvery: number;
  lostJobsAge: number;
  /** How often the sweep tidies up: stored objects, temporary files, old keys, dead workers. */
  tidyEvery: number;
  /** How often the sweep measures what is stored: it reads every blob's row. */
  measureEvery: number;
  /** How often it is looked whether stored files are due to be verified. */
  scrubEvery: number;
  /** How often the relay looks for work when nothing wakes it. */
  relayPoll: number;
}

/** The pauses of a notification are those that Standard Webhooks suggests: ten attempts over three days. */
export const defaultPolicy: WorkerPolicy = {
  stepAttempts: 8,
  stepBackOff: 2 * second,
  notifyPauses: [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour],
  notifyPauseMost: 24 * hour,
  webhookFailingMost: 5 * 24 * hour,
  notifyTimeout: 10 * second,
  // With a lease of 10 s before it, what a lost worker had is begun again within 15 s; and with a heartbeat, which makes the
  // schedule anew, work resumes within 10 s on a queue that forgot all.
  sweepEvery: 2 * second,
  lostJobsEvery: 3 * second,
  lostJobsAge: 5 * second,
  tidyEvery: minute,
  measureEvery: minute,
  scrubEvery: 30 * second,
  relayPoll: second,
};
