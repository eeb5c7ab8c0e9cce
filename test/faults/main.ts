import { parseArgs } from 'node:util';
import { faults } from './faults.ts';
import { describeRun, summarise } from './report.ts';
import { runFaults } from './run-faults.ts';

const usage = 'npm run test:faults -- [--seed=N] [--long] [--only=name,…] [--json]';

/** Lines of what the processes printed that are shown of a fault that did not hold. */
const shownLines = 30;

/** Runs the faults on real processes, and prints a table and one line of JSON. Exit code 1 where one did not hold. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      long: { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed);
  const names = values.only?.split(',') ?? faults.map(({ name }) => name);
  const unknown = names.filter((name) => !faults.some((fault) => fault.name === name));
  if (!Number.isSafeInteger(seed) || seed < 0 || unknown.length > 0) {
    const known = faults.map(({ name }) => name).join(', ');
    throw new Error(`${usage}\nThe seed is a whole number. Faults: ${known}${unknown.map((name) => `; not ${name}`)}`);
  }
  const show = (text: string) => void (values.json || process.stdout.write(`${text}\n`));
  show(`seed ${seed}, the ${values.long ? 'long' : 'short'} form`);
  const runs = await runFaults({
    seed,
    long: values.long,
    faults: faults.filter(({ name }) => names.includes(name)),
    onEnd: (run) => show(describeRun(run)),
    onBroken: (_, log) => process.stderr.write(`${log.trim().split('\n').slice(-shownLines).join('\n')}\n`),
  });
  process.stdout.write(`${summarise(seed, values.long, runs)}\n`);
  if (runs.some(({ held }) => !held)) process.exitCode = 1;
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
