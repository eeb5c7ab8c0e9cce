import type { Sql, TransactionSql } from 'postgres';
import { auditWriterRole } from './audit-writer-role.ts';

const append = 'append_audit_event(timestamptz, uuid, text, uuid, uuid, uuid, text)';

/** Somebody else was as quick (duplicate_object, unique_violation), or we may not (insufficient_privilege). */
const noMatter = ['42710', '23505', '42501'];

/**
 * Hands the audit log's function over to a role that may insert and read and nothing else, and takes from the tables'
 * owner what nobody needs. Called by each migration: no backup of the database has the role, so it is missing after a
 * restore, or there only since an administrator made it. Where the database's user may neither create the role nor act as
 * it, the function goes on as the owner's own: triggers and hashes hold all the same. Returns whether the role has it.
 */
export async function secureAuditLog(client: Sql): Promise<boolean> {
  const writer = await auditWriterRole(client);
  await ensureRole(client, writer);
  try {
    await client.begin((tx) => handOver(tx, writer));
    return true;
  } catch (error) {
    // Also undefined_object: there is no role, and we may not make it.
    if (![...noMatter, '42704'].includes(codeOf(error))) throw error;
  }
  await client.begin(keep);
  return false;
}

async function ensureRole(client: Sql, writer: string): Promise<void> {
  const [role] = await client`select 1 from pg_roles where rolname = ${writer}`;
  if (role) return;
  try {
    await client.begin(async (tx) => {
      await tx`create role ${tx(writer)} nologin noinherit`;
      // Whoever creates a role without being superuser may administer it, which is not yet to act as it.
      await tx`grant ${tx(writer)} to current_user with set true, inherit false`;
    });
  } catch (error) {
    if (!noMatter.includes(codeOf(error))) throw error;
  }
}

async function handOver(tx: TransactionSql, writer: string): Promise<void> {
  const role = tx(writer);
  const [state] = await tx<{ me: string; owner: string; callable: boolean }[]>`
    select current_user as me, pg_get_userbyid(proowner) as owner,
      has_function_privilege(current_user, oid, 'execute') as callable
    from pg_proc where oid = ${append}::regprocedure`;
  if (state === undefined || (state.owner === writer && state.callable)) return;
  const { me, owner } = state;
  if (owner !== writer) {
    await tx`grant usage, create on schema public to ${role}`;
    await tx`grant insert, select on audit_events to ${role}`;
    await tx`alter function ${tx.unsafe(append)} owner to ${role}`;
    // A function's owner has to be able to create it, but only at the moment when it becomes the owner.
    await tx`revoke create on schema public from ${role}`;
  }
  // By its owner, who alone may, and who from here on lets the service call it.
  await tx`set local role ${role}`;
  await tx`grant execute on function ${tx.unsafe(append)} to ${tx(me)}`;
  await tx`reset role`;
  await tx`revoke update, delete, truncate on audit_events from ${tx(me)}`;
}

async function keep(tx: TransactionSql): Promise<void> {
  await tx`revoke update, delete, truncate on audit_events from current_user`;
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}
