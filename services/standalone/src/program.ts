import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };

// Each command is loaded when it is run: a refused start must not first load the sample catalogue's tools.
const userCommands = () => import('./commands/user.ts');

/** The `sheaf` command with everything that it takes. Its actions work in this environment. */
export function createProgram(env: NodeJS.ProcessEnv): Command {
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

  const user = program.command('user').description('add, list and disable users, replace passwords');
  user
    .command('add')
    .description('add a user who can sign in')
    .argument('<email>')
    .option('--name <name>', 'what to call the user; the first half of the address when absent')
    .option('--role <role>', 'requester, contributor, auditor or administrator', 'requester')
    .option('--dynamic-renditions', 'entitle the user to dynamic and smart-crop renditions')
    .option('--password-stdin', 'read the password from standard input; else one is generated and printed')
    .action(async (email, options) => (await userCommands()).addUser(env, email, options));
  user
    .command('list')
    .description('list all users with their roles')
    .action(async () => (await userCommands()).showUsers(env));
  user
    .command('password')
    .description("replace a user's password by a generated one, which is printed; ends the user's sessions too")
    .argument('<email>')
    .action(async (email) => (await userCommands()).replacePassword(env, email));
  user
    .command('disable')
    .description("disable a user; ends the user's sessions and tokens too")
    .argument('<email>')
    .action(async (email) => (await userCommands()).shutOutUser(env, email));

  program
    .command('verify')
    .description('check that archives are what was handed out, to the last byte; exit code 0 only if all are')
    .argument('<archive...>', 'files as they were downloaded: zip, tar, tar.gz')
    .option(
      '--keys <file or URL>',
      "the instance's /.well-known/sheaf-keys.json; that of this installation when absent",
    )
    .option('--json', 'print the result as one line of JSON')
    .action(async (archives, options) => (await import('./commands/verify.ts')).verify(env, archives, options));

  const keys = program.command('keys').description('the keys that sign receipts');
  keys
    .command('rotate')
    .description('let a new key sign from now on; what older ones signed still verifies')
    .action(async () => (await import('./commands/keys.ts')).rotateKeys(env));
  keys
    .command('revoke')
    .description(
      'for a key that leaked: nothing that it signed verifies any more; if it is the one that signs, a new one does',
    )
    .argument('<kid>', 'as in /.well-known/sheaf-keys.json')
    // A kid may begin with a hyphen.
    .allowUnknownOption()
    .action(async (kid) => (await import('./commands/keys.ts')).revokeKey(env, kid));

  program
    .command('doctor')
    .description('check database, migrations, queue, storage and clock, and that all records agree with each other')
    .option('--worker', 'check only that a worker of this host is alive')
    .option('--repair', 'mend what the records disagree about, as far as it can be mended, and ask again for lost work')
    .action(async (options) => (await import('./commands/doctor.ts')).doctor(env, options));

  program
    .command('audit')
    .description('the audit log')
    .command('verify')
    .description(
      'check the chain of the audit log; names the first altered row, or prints the head to be kept elsewhere',
    )
    .option('--json', 'print the result as one line of JSON')
    .option('--from <seq:hash>', 'look only at what follows this row')
    .option('--expect <seq:hash>', 'a head that was printed before: it must be there still')
    .action(async (options) => (await import('./commands/audit.ts')).verifyAudit(env, options));

  program
    .command('backup')
    .description('back up database and files into a folder while the system runs; a later one copies only what is new')
    .argument('<folder>', 'empty, or with an earlier backup')
    .option('--copy', 'copy every file, also on the same file system, where a second name would do')
    .option('--with-secret-key', 'include the key that opens sealed secrets: then keep the backup as you keep that')
    .action(async (folder, options) => (await import('./commands/backup.ts')).backup(env, folder, options));
  program
    .command('restore')
    .description('check a backup and restore it into an empty installation of the same version')
    .argument('<folder>', 'as `sheaf backup` wrote it')
    .option('--copy', 'copy every file, also on the same file system, where a second name would do')
    .option('--check', 'only read the backup and compare it with its manifest')
    .option('--without-damaged', 'go on without files that are missing or damaged in the backup: they are lost')
    .option('--without-secret-key', 'go on without the key that opens sealed secrets: they are lost')
    .action(async (folder, options) => (await import('./commands/restore.ts')).restore(env, folder, options));

  program
    .command('migrate')
    .description('bring the database to this version')
    .action(async () => (await import('./commands/migrate.ts')).migrate(env));

  return program;
}
