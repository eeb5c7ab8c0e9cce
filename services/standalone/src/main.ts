import '@sheaf/db/lean-drizzle';
import { AppError } from '@sheaf/domain/app-error';
import { ConfigError } from '@sheaf/runtime/load-config';
import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };

const env = process.env;

// Each command is loaded when it is run: a refused start must not first load the sample catalogue's tools.
const userCommands = () => import('./commands/user.ts');

const program = new Command('sheaf')
  .description(
    'A self-hosted download service for digital-asset portals. Settings come from the environment: see the README.',
  )
  .version(manifest.version)
  .configureOutput({
    outputError: (text, write) =>
      write(
        `sheaf: ${text
          .trim()
          .replace(/^error: /, '')
          .replace(/\s*\n\s*/g, ' ')}\n`,
      ),
  });

program
  .command('start')
  .description('run everything on this machine: database, API, worker; on the first start with sample pictures')
  .action(async () => (await import('./commands/start.ts')).start(env));

program
  .command('demo')
  .description('run everything in a temporary folder, make one download, check it, and stop')
  .option('--json', 'print the result as one line of JSON')
  .action(async (options) => (await import('./commands/demo.ts')).demo(env, options));

program
  .command('import')
  .description('add a tree of files to the catalogue, keeping its folders; can be interrupted and repeated')
  .argument('<folder>', 'where the files are')
  .option('--licence <id or title>', 'put the assets under this licence')
  .option('--approve', 'approve the assets at once')
  .option('--folder <target>', 'folder of the catalogue to import into', '')
  .action(async (folder, options) => (await import('./commands/import.ts')).importFolder(env, folder, options));

const user = program.command('user').description('add, list and disable users');
user
  .command('add')
  .argument('<email>')
  .option('--name <name>', 'what to call the user; the first half of the address when absent')
  .option('--role <role>', 'requester, contributor or administrator', 'requester')
  .option('--dynamic-renditions', 'entitle the user to dynamic and smart-crop renditions')
  .option('--password-stdin', 'read the password from standard input; else one is generated and printed')
  .action(async (email, options) => (await userCommands()).addUser(env, email, options));
user.command('list').action(async () => (await userCommands()).showUsers(env));
user
  .command('disable')
  .argument('<email>')
  .action(async (email) => (await userCommands()).shutOutUser(env, email));

program
  .command('doctor')
  .description('check database, migrations, queue, storage and clock')
  .action(async () => (await import('./commands/doctor.ts')).doctor(env));

program
  .command('migrate')
  .description('bring the database to this version')
  .action(async () => (await import('./commands/migrate.ts')).migrate(env));

try {
  await program.parseAsync();
  process.exitCode ??= 0;
} catch (error) {
  report(error);
  process.exitCode = 1;
}
// Pools, timers and sockets of what failed half-way must not keep a command from ending.
process.exit();

function report(error: unknown): void {
  if (error instanceof ConfigError) {
    for (const fault of error.faults) console.error(`sheaf: ${fault}`);
  } else if (error instanceof AppError) {
    console.error(`sheaf: ${error.message}`);
    if (env.LOG_LEVEL === 'debug') console.error(error.stack);
  } else {
    console.error(
      `sheaf: ${error instanceof Error ? (env.LOG_LEVEL === 'debug' ? error.stack : error.message) : String(error)}`,
    );
  }
}
