import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { users } from '../schema/auth.ts';
import { blobs, licenceVersions } from '../schema/catalogue.ts';
import { acceptances } from '../schema/downloads.ts';

/** One document that a licence has or had. */
export interface LicenceVersion {
  /** From 1. */
  number: number;
  sha256: string;
  /** Bytes. */
  size: number;
  /** Null for the system itself, or for somebody who is no more. */
  createdBy: { id: string; name: string } | null;
  createdAt: Date;
  /** How often it was accepted: each request counts. */
  acceptances: number;
}

export interface LicenceVersionListing {
  licenceId: string;
  limit: number;
  /** Only versions older than this number. */
  before?: number | undefined;
}

const accepted = sql<number>`(
  select count(*) from ${acceptances} a
  where a.licence_id = "licence_versions"."licence_id" and a.version = "licence_versions"."number"
)`.mapWith(Number);

/** The versions of a licence's terms, newest first. */
export async function listLicenceVersions(
  executor: Executor,
  { licenceId, limit, before }: LicenceVersionListing,
): Promise<LicenceVersion[]> {
  return executor
    .select({
      number: licenceVersions.number,
      sha256: licenceVersions.documentSha256,
      size: blobs.size,
      createdBy: { id: users.id, name: users.name },
      createdAt: licenceVersions.createdAt,
      acceptances: accepted,
    })
    .from(licenceVersions)
    .innerJoin(blobs, eq(blobs.sha256, licenceVersions.documentSha256))
    .leftJoin(users, eq(users.id, licenceVersions.createdBy))
    .where(
      and(
        eq(licenceVersions.licenceId, licenceId),
        before === undefined ? undefined : lt(licenceVersions.number, before),
      ),
    )
    .orderBy(desc(licenceVersions.number))
    .limit(limit);
}
