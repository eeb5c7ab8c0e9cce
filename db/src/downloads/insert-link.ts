import type { Executor } from '../database.ts';
import { newId } from '../schema/columns.ts';
import { links } from '../schema/links.ts';

export interface NewLink {
  downloadId: string;
  /** SHA-256 of the token. */
  tokenHash: Buffer;
  /** For a link that has to be shown again; null for one that is shown once. */
  sealedToken: Buffer | null;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
}

/** Returns the link's id. */
export async function insertLink(tx: Executor, link: NewLink): Promise<string> {
  const id = newId();
  await tx.insert(links).values({ id, ...link });
  return id;
}
