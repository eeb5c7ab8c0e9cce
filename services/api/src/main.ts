import '@sheaf/db/lean-drizzle';

const { runProcess } = await import('./run-process.ts');
await runProcess(process.env).catch((error: unknown) => {
  process.stderr.write(`The API cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
