import type { Executor } from '../database.ts';
import { licences } from '../schema/catalogue.ts';
import { newId } from '../schema/columns.ts';

export interface NewLicence {
  title: string;
  approved: boolean;
  /** The PDF of the terms: its blob must be recorded already. Null when there is none yet. */
  documentSha256: string | null;
  expiresAt: Date | null;
}

/** Adds a licence and returns its id. */
export async function insertLicence(executor: Executor, licence: NewLicence): Promise<string> {
  const id = newId();
  await executor.insert(licences).values({ id, ...licence });
  return id;
}
