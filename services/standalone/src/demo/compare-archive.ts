import { isDeepStrictEqual } from 'node:util';
import type { AssetJson } from '@sheaf/contract/asset';
import type { LicenceJson } from '@sheaf/contract/licence';
import type { OutcomeJson } from '@sheaf/contract/outcome';
import { manifestFile, receiptFile, signatureFile } from '@sheaf/evidence/own-files';
import type { ArchiveEntry } from './read-archive.ts';

/** What a download's archive is held against: all from the API. */
export interface Expectation {
  outcomes: OutcomeJson[];
  /** The catalogue's own record of the included assets. */
  assets: AssetJson[];
  licences: LicenceJson[];
}

/**
 * Everything in which an archive differs from what the API says about it, as lines for people; none when all is well.
 * Each file must belong to an included asset with the bytes that the catalogue has, or be the terms of a licence or one
 * of Sheaf's own; nothing may be missing and nothing more may be there.
 */
export function compareArchive(entries: ArchiveEntry[], manifest: string | null, expected: Expectation): string[] {
  const faults: string[] = [];
  const inArchive = new Map(entries.map((entry) => [entry.path, entry]));
  if (inArchive.size !== entries.length) faults.push('Two files in the archive have the same name.');
  const known = new Map<string, string>();
  for (const asset of expected.assets) {
    for (const rendition of asset.renditions)
      known.set(`${asset.id} ${rendition.kind} ${rendition.name}`, rendition.sha256 ?? '');
  }
  for (const { assetId, title, outcome, entries: planned } of expected.outcomes) {
    if (outcome === 'included' && planned.length === 0) faults.push(`${title} is included without a file.`);
    for (const { path, kind, name, sha256 } of planned) {
      const found = inArchive.get(path);
      inArchive.delete(path);
      if (outcome === 'excluded') faults.push(`${path} belongs to an excluded asset.`);
      if (!found) faults.push(`${path} is not in the archive.`);
      else if (found.sha256 !== sha256) faults.push(`${path} has other bytes than the download says.`);
      else if (found.sha256 !== known.get(`${assetId} ${kind} ${name}`))
        faults.push(`${path} has other bytes than the catalogue.`);
    }
  }
  return [...faults, ...companionFaults(inArchive, manifest, expected)];
}

function companionFaults(rest: Map<string, ArchiveEntry>, manifest: string | null, expected: Expectation): string[] {
  const faults: string[] = [];
  if (!rest.delete(manifestFile) || manifest === null) faults.push(`There is no ${manifestFile} in the archive.`);
  else faults.push(...manifestFaults(manifest, expected.outcomes));
  for (const path of [receiptFile, signatureFile]) {
    if (!rest.delete(path)) faults.push(`There is no ${path} in the archive.`);
  }
  const terms = new Set(expected.licences.map((licence) => licence.sha256));
  for (const [path, { sha256 }] of rest) {
    const isTerms = path.startsWith('licences/') && terms.has(sha256);
    if (!isTerms) faults.push(`${path} is in the archive and belongs to nothing.`);
  }
  return faults;
}

/** The manifest tells the same outcomes as the API, to the last field; and the part, which the API tells elsewhere. */
function manifestFaults(manifest: string, outcomes: OutcomeJson[]): string[] {
  const stated = outcomesIn(manifest);
  if (stated === null) return ['manifest.json is not readable.'];
  return isDeepStrictEqual(stated, outcomes) ? [] : ['manifest.json tells other outcomes than the API.'];
}

function outcomesIn(manifest: string): unknown[] | null {
  try {
    const parsed: { outcomes?: unknown } = JSON.parse(manifest);
    if (!Array.isArray(parsed.outcomes)) return null;
    return parsed.outcomes.map(({ part: _part, ...outcome }) => outcome);
  } catch {
    return null;
  }
}
