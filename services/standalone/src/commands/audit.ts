import { type ChainPoint, formatChainPoint, parseChainPoint } from '@sheaf/db/audit/audit-chain';
import { verifyAuditLog } from '@sheaf/db/audit/verify-audit-log';
import { AppError } from '@sheaf/domain/app-error';
import { loadConfig } from '@sheaf/runtime/load-config';
import { openInstallation } from '../open-installation.ts';

export interface AuditVerifyOptions {
  json?: boolean;
  /** `<seq>:<hash>`, as printed by an earlier run. */
  from?: string;
  expect?: string;
}

/** `sheaf audit verify`: names the first altered row, with exit code 1; else prints the head, to be written down elsewhere. */
export async function verifyAudit(env: NodeJS.ProcessEnv, options: AuditVerifyOptions): Promise<void> {
  const question = { from: pointOf('--from', options.from), expect: pointOf('--expect', options.expect) };
  if (question.from && question.expect && question.expect.seq < question.from.seq) {
    throw new AppError('input.invalid', '--expect names a row before --from, which would not be looked at.');
  }
  const installation = await openInstallation(loadConfig(env), console.error, { migrate: false });
  try {
    const { rows, head, fault } = await verifyAuditLog(installation.db.orm, question);
    if (fault !== null) process.exitCode = 1;
    if (options.json) {
      console.log(JSON.stringify({ ok: fault === null, rows, head: formatChainPoint(head), fault }));
    } else if (fault !== null) {
      console.log(`ALTERED  row ${fault.seq}: ${fault.message}`);
      console.log(`${rows} rows before it hold.`);
    } else {
      console.log(`${rows} rows hold. Head, to be kept elsewhere:`);
      console.log(formatChainPoint(head));
    }
  } finally {
    await installation.close();
  }
}

function pointOf(option: string, text: string | undefined): ChainPoint | undefined {
  if (text === undefined) return undefined;
  const point = parseChainPoint(text);
  if (point === null) throw new AppError('input.invalid', `${option} takes <seq>:<hash>, as this command prints it.`);
  return point;
}
