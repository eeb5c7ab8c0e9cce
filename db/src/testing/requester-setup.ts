import type { Actor } from '@sheaf/domain/actor';
import { insertBlob } from '../catalogue/insert-blob.ts';
import { insertLicence } from '../catalogue/insert-licence.ts';
import { insertUser } from '../users/insert-user.ts';
import { setupCatalogue, sha256Of } from './catalogue-setup.ts';

/** A catalogue to fill, a requester, and a way to add licences. */
export async function setupRequester() {
  const catalogue = await setupCatalogue();
  const { orm } = catalogue.db;
  const { id, role } = await insertUser(orm, {
    email: 'a@example.com',
    name: 'A',
    role: 'requester',
    passwordHash: null,
  });
  const actor: Actor = { id, role, dynamicRenditions: false, groups: [] };
  const sha256 = sha256Of('terms');

  /** An approved licence; all have the same terms. */
  const addLicence = async (title: string): Promise<{ licenceId: string; sha256: string }> => {
    await insertBlob(orm, { sha256, size: 100, crc32: 1 });
    const licence = { title, approved: true, documentSha256: sha256, expiresAt: null };
    return { licenceId: await insertLicence(orm, licence), sha256 };
  };
  return { ...catalogue, actor, addLicence };
}
