import '@sheaf/db/lean-drizzle';
import { setFlagsFromString } from 'node:v8';

// V8 lets its young generation grow to 128 MB while modules load, and keeps it: half of this process's memory for
// nothing. Measured idle: 260 MB without these, 150 MB with them; throughput is the same. They count only before that.
setFlagsFromString('--max-semi-space-size=8');
setFlagsFromString('--semi-space-growth-factor=1');

const { runProcess } = await import('./run-process.ts');
await runProcess(process.env).catch((error: unknown) => {
  process.stderr.write(`The worker cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
