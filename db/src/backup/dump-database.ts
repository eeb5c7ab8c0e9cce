import postgres, { type TransactionSql } from 'postgres';
import { copiedTables } from './copied-tables.ts';
import { appliedMigrations, type Migration } from './migrations.ts';

/** What is in the database at one moment, however long reading it takes and whatever is written meanwhile. */
export interface Snapshot {
  migrations: Migration[];
  /** Every row of every table, one table after the other. */
  tables(): AsyncIterable<DumpedTable>;
  /** Values of what counts by itself, by `<table>.<column>`. */
  counters(): Promise<Record<string, number>>;
  blobs(): AsyncIterable<{ sha256: string; size: number; fault: string | null }[]>;
  /** What is stored of the archives of ready downloads. `size` in bytes; `sha256` where it was known. */
  objects(): AsyncIterable<{ key: string; size: number; sha256: string | null }[]>;
}

export interface DumpedTable {
  name: string;
  columns: string[];
  /** Pages of rows, each row as PostgreSQL writes one as text: what makes exactly that row again. */
  rows: AsyncIterable<string[]>;
}

const rowsAtOnce = 500;

/** Reads the database at one moment: in one transaction, which blocks nobody. */
export async function dumpDatabase<T>(databaseUrl: string, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const migrations = await appliedMigrations(client);
    const mode = 'isolation level repeatable read read only';
    return (await client.begin(mode, (tx) => read(snapshotOf(tx, migrations)))) as T;
  } finally {
    await client.end({ timeout: 5 });
  }
}

function snapshotOf(tx: TransactionSql, migrations: Migration[]): Snapshot {
  return {
    migrations,
    async *tables() {
      for (const table of await copiedTables(tx)) yield { ...table, rows: rowsOf(tx, table.name) };
    },
    async counters() {
      const rows = await tx<{ name: string; value: string }[]>`
        select t.relname || '.' || a.attname as name, coalesce(pg_sequence_last_value(s.oid), 0) as value
        from pg_class s join pg_depend d on d.objid = s.oid and d.deptype in ('a', 'i') and d.classid = 'pg_class'::regclass
        join pg_class t on t.oid = d.refobjid join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public'
        join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
        where s.relkind = 'S'`;
      return Object.fromEntries(rows.map(({ name, value }) => [name, Number(value)]));
    },
    async *blobs() {
      const cursor = tx<{ sha256: string; size: string; fault: string | null }[]>`
        select sha256, size, fault from blobs order by sha256`.cursor(rowsAtOnce);
      for await (const rows of cursor) yield rows.map(({ size, ...blob }) => ({ ...blob, size: Number(size) }));
    },
    async *objects() {
      const cursor = tx<{ key: string; size: string; sha256: string | null }[]>`
        select part.object_key as key, part.size - coalesce(bundle.content_size, 0) as size,
          case when part.bundle_id is null then part.sha256 end as sha256
        from bundle_parts part join downloads download on download.id = part.download_id and download.state = 'ready'
        left join bundles bundle on bundle.id = part.bundle_id
        order by part.object_key`.cursor(rowsAtOnce);
      for await (const rows of cursor) yield rows.map(({ size, ...object }) => ({ ...object, size: Number(size) }));
    },
  };
}

/** By a cursor, which is asked for each page. Streams of COPY in postgres.js 3.4.9 now and then never end. */
async function* rowsOf(tx: TransactionSql, table: string): AsyncGenerator<string[]> {
  const cursor = tx<{ row: string }[]>`select t::text as row from ${tx(table)} t`.cursor(rowsAtOnce);
  for await (const rows of cursor) yield rows.map(({ row }) => row);
}
