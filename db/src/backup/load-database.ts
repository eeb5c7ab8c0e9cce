import { AppError } from '@sheaf/domain/app-error';
import postgres, { type TransactionSql } from 'postgres';
import { type CopiedTable, copiedTables, quoted } from './copied-tables.ts';
import { appliedMigrations, type Migration } from './migrations.ts';

export interface TableToLoad {
  name: string;
  columns: readonly string[];
  rows: number;
}

export interface DatabaseToLoad {
  migrations: readonly Migration[];
  tables: readonly TableToLoad[];
  counters: Readonly<Record<string, number>>;
  /** The rows of a table, each as `DumpedTable` has them. */
  rows(table: string): AsyncIterable<string>;
  /** Nobody can open what was sealed: it has another key. */
  secretsLost: boolean;
  /** Names of blobs whose files there are none of: from the first moment on, nothing is made of them. */
  blobsLost: readonly string[];
}

/** Inserted in one statement. */
const mostRows = 1_000;
const mostCharacters = 1_000_000;

/** Whether a database has rows that a restore would have to share it with. */
export async function isDatabaseEmpty(databaseUrl: string): Promise<boolean> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const [tables] = await client`select to_regclass('public.users') is not null as there`;
    if (!tables?.there) return true;
    const [rows] = await client`
      select exists (select from users) or exists (select from assets) or exists (select from blobs)
        or exists (select from audit_events) as there`;
    return !rows?.there;
  } finally {
    await client.end({ timeout: 5 });
  }
}

/**
 * Fills an empty database of the same migrations, in one transaction: all of it is there afterwards, or nothing. Throws
 * `resource.conflict` for a database of other migrations, and `blob.corrupt` where there are other rows than there should
 * be. What only the server that it came from could know is left out.
 */
export async function loadDatabase(databaseUrl: string, dump: DatabaseToLoad): Promise<void> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const migrations = await appliedMigrations(client);
    if (migrations.join() !== dump.migrations.join()) {
      throw new AppError(
        'resource.conflict',
        'The backup is of another version: restore it with the one that made it.',
        {
          detail: { backup: dump.migrations.length, here: migrations.length },
        },
      );
    }
    await client.begin((tx) => load(tx, dump));
    // Only makes the first queries faster, and everything is there by now: its failure is none of the restore's.
    await client`analyze`.catch(() => {});
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function load(tx: TransactionSql, dump: DatabaseToLoad): Promise<void> {
  const known = await copiedTables(tx);
  const given = new Map(dump.tables.map((table) => [table.name, table]));
  for (const table of known) {
    const { rows } = await loadTable(tx, table, given.get(table.name), dump);
    const [counted] = await tx<{ rows: number }[]>`select count(*)::float8 as rows from ${tx(table.name)}`;
    if (counted?.rows !== rows) {
      throw new AppError('blob.corrupt', `The backup's table ${table.name} has not the rows that its manifest counts.`);
    }
  }
  for (const [name, value] of Object.entries(dump.counters)) {
    if (value > 0) await setCounter(tx, name, value);
  }
  // Transactions are counted anew here, and nobody holds or reads anything yet.
  await tx`alter table downloads disable trigger user`;
  await tx`update downloads set changed_in = null where changed_in is not null`;
  await tx`alter table downloads enable trigger user`;
  await tx`update storage_care set held_until = null, scrub_lease_until = null, scrub_worker_id = null`;
  if (dump.blobsLost.length > 0) {
    await tx`update blobs set fault = 'missing', fault_checked_at = now() where sha256 = any(${[...dump.blobsLost]})`;
  }
  if (dump.secretsLost) await forgetSecrets(tx);
}

async function loadTable(
  tx: TransactionSql,
  known: CopiedTable,
  table: TableToLoad | undefined,
  dump: DatabaseToLoad,
): Promise<TableToLoad> {
  if (table === undefined || table.columns.toSorted().join() !== known.columns.toSorted().join()) {
    throw new AppError('input.invalid', `The backup's table ${known.name} is not that of this version.`);
  }
  // Triggers have done their work where the rows come from. Nothing is inserted into the audit log by triggers.
  const hasTriggers = known.name !== 'audit_events';
  if (hasTriggers) await tx.unsafe(`alter table ${quoted(known.name)} disable trigger user`);
  // Rows that a migration made.
  if (hasTriggers) await tx.unsafe(`delete from ${quoted(known.name)}`);
  await insertRows(tx, table.name, dump.rows(table.name));
  if (hasTriggers) await tx.unsafe(`alter table ${quoted(known.name)} enable trigger user`);
  return table;
}

async function insertRows(tx: TransactionSql, table: string, rows: AsyncIterable<string>): Promise<void> {
  const name = tx(table);
  let batch: string[] = [];
  let length = 0;
  const insert = async () => {
    // `offset 0`: else each row is read once for each of its columns.
    await tx`
      insert into ${name} overriding system value
      select (one.row).* from (select text::${name} as row from unnest(${batch}::text[]) as text offset 0) as one`;
    batch = [];
    length = 0;
  };
  for await (const row of rows) {
    batch.push(row);
    length += row.length;
    if (batch.length === mostRows || length >= mostCharacters) await insert();
  }
  if (batch.length > 0) await insert();
}

async function setCounter(tx: TransactionSql, name: string, value: number): Promise<void> {
  const [table = '', column = ''] = name.split('.');
  await tx`select setval(pg_get_serial_sequence(${quoted(table)}, ${column}), ${value})`;
}

/** Links work by their hash; what has to be opened is gone: another key signs, and webhooks need a new secret. */
async function forgetSecrets(tx: TransactionSql): Promise<void> {
  await tx`update links set sealed_token = null`;
  await tx`update webhooks set enabled = false, previous_sealed_secret = null, previous_secret_until = null`;
  await tx`delete from kept_mails`;
  await tx`update signing_keys set retired_at = now() where retired_at is null`;
}
