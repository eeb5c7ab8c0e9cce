import { createJobConsumer } from '@sheaf/queue/job-consumer';
import type { QueueBackend } from '@sheaf/queue/queue-connection';

/** A worker process that dies, as by a lack of memory, in the middle of its first job. Run with the backend as JSON. */
const backend: QueueBackend = JSON.parse(process.argv[2] ?? '');
const consumer = createJobConsumer(backend, { onError: () => {}, logger: console, lockMs: 1_000 });
consumer.consume('render', async () => void process.kill(process.pid, 'SIGKILL'));
