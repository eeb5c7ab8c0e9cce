import { createJobConsumer } from '@sheaf/queue/job-consumer';
import type { QueueBackend } from '@sheaf/queue/queue-connection';

/**
 * A worker process that dies, as by a lack of memory, in the middle of its first job. Run with the backend as JSON, and with
 * the milliseconds that its machine's clock is ahead of the one that all share.
 */
const [backendJson = '', aheadMs = '0'] = process.argv.slice(2);
const sharedNow = Date.now;
Date.now = () => sharedNow() + Number(aheadMs);
const backend: QueueBackend = { ...JSON.parse(backendJson), clock: () => new Date(sharedNow()) };
const consumer = createJobConsumer(backend, { onError: () => {}, logger: console, lockMs: 1_000 });
consumer.consume('render', async () => void process.kill(process.pid, 'SIGKILL'));
