import type { Actor } from '../actor.ts';
import type { DecisionFacts } from '../download-decision.ts';
import type { Rendition } from '../rendition.ts';
import type { VisibilityConfiguration } from '../visibility-configuration.ts';

/**
 * The rules a second time, as plainly as they can be said and without anything of the code under test: the judge of the
 * property tests.
 */

/** Whether a name matches a pattern, by trying everything. */
export function naiveMatch(pattern: string, name: string): boolean {
  if (pattern === '') return name === '';
  const rest = pattern.slice(1);
  if (pattern[0] === '*') return naiveMatch(rest, name) || (name !== '' && naiveMatch(pattern, name.slice(1)));
  return name !== '' && (pattern[0] === '?' || pattern[0] === name[0]) && naiveMatch(rest, name.slice(1));
}

/** Switches, rules for groups and the entitlement. */
export function mayHaveKind({ kind, name }: Rendition, actor: Actor, visibility: VisibilityConfiguration): boolean {
  const rules = visibility.groupRules.filter(
    (rule) =>
      actor.groups.includes(rule.groupId) &&
      (rule.kinds.length === 0 || rule.kinds.includes(kind)) &&
      (rule.name === null || naiveMatch(rule.name, name)),
  );
  const switchedOn = kind === 'original' ? visibility.originalsDownloadable : visibility.renditionsAvailable;
  const entitled = kind === 'original' || kind === 'static' || actor.dynamicRenditions;
  const denied = rules.some(({ effect }) => effect === 'deny');
  const allowed = rules.some(({ effect }) => effect === 'allow');
  return entitled && !denied && (switchedOn || allowed);
}

/** Whether there are bytes to be had, now or once rendered. */
function hasBytes({ kind, state, blob, sourceFault }: Rendition): boolean {
  if (state === 'ready') return blob !== null && blob.fault === null;
  const onDemand = kind === 'dynamic' || kind === 'smart-crop';
  return state === 'pending' && !(onDemand && sourceFault !== undefined);
}

/** What the request names, of the files of its assets. */
function isAskedFor({ id, kind, name }: Rendition, { request }: DecisionFacts): boolean {
  if (request.renditionIds !== null) return request.renditionIds.includes(id);
  if (kind !== 'original' && kind !== 'static') return false;
  if (request.renditionNames !== null) return request.renditionNames.includes(kind === 'original' ? 'original' : name);
  return request.renditions.includes(kind === 'original' ? 'originals' : 'static');
}

/** Whether the licence is in force and was accepted for the download, or (with `fileOf`) for files of that asset. */
export function licenceIsAccepted(licenceId: string, facts: DecisionFacts, fileOf?: string): boolean {
  const licence = facts.licences.get(licenceId);
  if (!licence?.approved || licence.sha256 === null) return false;
  if (licence.expiresAt !== null && licence.expiresAt <= facts.now) return false;
  const given = facts.request.acceptLicences.some(
    (acceptance) => acceptance.licenceId === licenceId && acceptance.sha256 === licence.sha256,
  );
  if (given && fileOf === undefined) return true;
  return facts.acceptances.some((acceptance) => {
    if (acceptance.licenceId !== licenceId || acceptance.version !== licence.version) return false;
    if (facts.visibility.licenceAcceptance === 'remembered') return true;
    const minutes = (facts.now.getTime() - acceptance.acceptedAt.getTime()) / 60_000;
    if (fileOf === undefined) return facts.downloadId !== null && acceptance.downloadId === facts.downloadId;
    return acceptance.downloadId === null && acceptance.assetId === fileOf && minutes <= 60;
  });
}

/** Whether a file may be in the archive for these facts. */
export function mayBePlanned(file: Rendition, facts: DecisionFacts, approvedPresets: ReadonlySet<string>): boolean {
  const { request, actor, visibility, now } = facts;
  const asset = facts.assets.get(file.assetId);
  if (asset === undefined || !request.assetIds.includes(asset.id)) return false;
  const over = asset.expiresAt !== null && asset.expiresAt <= now;
  const { licenceId } = asset;
  const conditions = [
    asset.status === 'approved',
    !over || (visibility.expiredVisible && visibility.expiredDownloadable && request.expiredAssets === 'include'),
    licenceId === null || (licenceIsAccepted(licenceId, facts) && !request.withoutLicences.includes(licenceId)),
    isAskedFor(file, facts),
    mayHaveKind(file, actor, visibility),
    file.presetId === null || approvedPresets.has(file.presetId),
    hasBytes(file),
  ];
  return conditions.every(Boolean);
}

/** Whether a file may be sent by its own URL. */
export function mayBeSent(file: Rendition, facts: DecisionFacts, approvedPresets: ReadonlySet<string>): boolean {
  const { actor, visibility, now } = facts;
  const { status, expiresAt, licenceId } = facts.assets.get(file.assetId)!;
  const over = expiresAt !== null && expiresAt <= now;
  const isPicture = file.kind === 'static' && file.name === 'thumbnail';
  const onDemand = file.kind === 'dynamic' || file.kind === 'smart-crop';
  const conditions = [
    ['administrator', 'auditor'].includes(actor.role) ||
      (status === 'approved' && (!over || visibility.expiredVisible)),
    isPicture || status === 'approved',
    isPicture || !over || (visibility.expiredVisible && visibility.expiredDownloadable),
    isPicture || licenceId === null || licenceIsAccepted(licenceId, facts, file.assetId),
    mayHaveKind(file, actor, visibility),
    file.presetId === null || approvedPresets.has(file.presetId),
    hasBytes(file) && (onDemand || file.state === 'ready'),
  ];
  return conditions.every(Boolean);
}
