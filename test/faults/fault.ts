import type { QueueBackend } from '@sheaf/queue/queue-connection';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';

export type QueueKind = QueueBackend['kind'];

/** What a fault works with. */
export interface FaultScene {
  stage: Stage;
  random: Random;
  /** Whether the figures are those to be published; else small ones that find a mistake within seconds. */
  long: boolean;
}

/** What came of a fault: figures by what they count, and a line for each promise that was broken. */
export interface FaultOutcome {
  counts: Record<string, number>;
  broken: string[];
}

/** One way in which things go wrong. It ends with everything running again that it broke, and its own processes gone. */
export interface Fault {
  name: string;
  /** What is done, in a few words, for the table. */
  done: string;
  /** Where it applies; the short form runs it on the first of them. */
  queues: readonly QueueKind[];
  run(scene: FaultScene): Promise<FaultOutcome>;
}
