import type { Sql, TransactionSql } from 'postgres';

export interface CopiedTable {
  name: string;
  /** Those that hold data of their own. */
  columns: string[];
}

/** Of no use elsewhere: who runs here, and the transactions of this server. */
const leftOut = ['workers', 'decisive_changes'];

/** The tables whose rows are the installation, each after those that it refers to. */
export async function copiedTables(sql: Sql | TransactionSql): Promise<CopiedTable[]> {
  const columns = await sql<{ table: string; column: string }[]>`
    select c.relname as table, a.attname as column
    from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relkind = 'r' and c.relname <> all(${leftOut}) order by c.relname, a.attnum`;
  const references = await sql<{ from: string; to: string }[]>`
    select conrelid::regclass::text as from, confrelid::regclass::text as to
    from pg_constraint where contype = 'f' and conrelid <> confrelid`;
  const tables = new Map<string, string[]>();
  for (const { table, column } of columns) tables.set(table, [...(tables.get(table) ?? []), column]);
  const ordered: CopiedTable[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { from, to } of references) if (from === name) visit(to);
    const own = tables.get(name);
    if (own !== undefined) ordered.push({ name, columns: own });
  };
  for (const name of tables.keys()) visit(name);
  return ordered;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
