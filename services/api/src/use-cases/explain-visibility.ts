import type { ExplainedRenditionJson, VisibilityExplanationJson } from '@sheaf/contract/visibility-explanation';
import { loadLicences } from '@sheaf/db/catalogue/load-licences';
import type { Executor } from '@sheaf/db/database';
import { loadAcceptances } from '@sheaf/db/downloads/load-acceptances';
import { loadGroupNames } from '@sheaf/db/groups/load-group-names';
import { listApprovedPresets } from '@sheaf/db/presets/list-approved-presets';
import { findAssetWithDynamicRenditions } from '@sheaf/db/presets/with-dynamic-renditions';
import { findUser } from '@sheaf/db/users/find-user';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { assertConsistent } from '@sheaf/db/visibility/write-visibility';
import { mayReadRendition, type ReadingFacts, visibleRenditions } from '@sheaf/domain/asset-visibility';
import { explainAccess } from '@sheaf/domain/explain-access';
import type { Reason } from '@sheaf/domain/outcome';
import { reasonText } from '@sheaf/domain/reason-text';
import { type RenditionAccess, renditionAccess } from '@sheaf/domain/rendition-access';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import { invalidInput } from '../schema-validator.ts';

export interface VisibilityQuestion {
  userId: string;
  assetId: string;
  /** One that is only thought of; null for the one in force. */
  proposed: VisibilityConfiguration | null;
  now: Date;
}

/**
 * Which files of an asset a user may have now as they are, and what decides it for each, for administrators. Throws
 * `input.invalid` where there is no such user or asset, and for a configuration that contradicts itself.
 */
export async function explainVisibility(
  executor: Executor,
  { userId, assetId, proposed, now }: VisibilityQuestion,
): Promise<VisibilityExplanationJson> {
  const [user, asset] = await Promise.all([
    findUser(executor, userId),
    findAssetWithDynamicRenditions(executor, assetId, now),
  ]);
  if (user === null) throw invalidInput([{ path: '/userId', message: 'must name a user' }]);
  if (asset === null) throw invalidInput([{ path: '/assetId', message: 'must name an asset' }]);
  if (proposed !== null) await assertConsistent(executor, proposed);
  const inForce = proposed === null ? await readVisibility(executor) : null;
  const visibility = proposed ?? inForce!.configuration;

  const licenceIds = asset.licenceId === null ? [] : [asset.licenceId];
  const presetIds = asset.renditions.flatMap(({ presetId }) => presetId ?? []);
  const [licences, acceptances, approvedPresets, groupNames] = await Promise.all([
    loadLicences(executor, licenceIds),
    loadAcceptances(executor, user.id, licenceIds, { assetId: asset.id }),
    listApprovedPresets(executor, presetIds),
    loadGroupNames(executor, user.groups),
  ]);
  const licence = (asset.licenceId === null ? null : licences.get(asset.licenceId)) ?? null;
  const facts = { asset, actor: user, licence, acceptances, approvedPresets, visibility, now };
  const access = renditionAccess(user, visibility);
  const listed = new Set(visibleRenditions(asset, user, visibility, now).map(({ id }) => id));
  return {
    version: inForce?.version ?? null,
    user: { id: user.id, name: user.name, disabled: user.disabledAt !== null },
    asset: { id: asset.id, title: asset.title },
    renditions: asset.renditions.map((rendition) => ({
      ...explained({ ...facts, rendition }, access(rendition), groupNames),
      listed: listed.has(rendition.id),
    })),
  };
}

/** What the switches and rules say counts where nothing else is in the way. */
function explained(
  facts: ReadingFacts,
  access: RenditionAccess,
  groupNames: ReadonlyMap<string, string>,
): Omit<ExplainedRenditionJson, 'listed'> {
  const { id, kind, name, title, state } = facts.rendition;
  const reason = refusal(facts);
  const shown = { id, kind, name, title, state, allowed: reason === null, reason };
  const { because } = access;
  if (reason !== access.reason && reason !== null) {
    return { ...shown, decidedBy: subjectOf(reason), switch: null, rule: null, explanation: reasonText[reason] };
  }
  const { groupRules } = facts.visibility;
  return {
    ...shown,
    decidedBy: because.by,
    switch: because.by === 'switch' ? { name: because.name, on: because.on } : null,
    rule:
      because.by === 'rule'
        ? {
            ...because.rule,
            index: groupRules.indexOf(because.rule),
            groupName: groupNames.get(because.rule.groupId) ?? null,
          }
        : null,
    explanation: explainAccess(access, (groupId) => groupNames.get(groupId)),
  };
}

/** To whoever may not see an asset it does not exist; an administrator is told what keeps it hidden. */
function refusal(facts: ReadingFacts): Reason | null {
  const verdict = mayReadRendition(facts);
  if (verdict.allowed) return null;
  if (verdict.reason !== 'asset.not_found') return verdict.reason;
  return facts.asset.status === 'approved' ? 'asset.expired' : 'asset.not_approved';
}

function subjectOf(reason: Reason): ExplainedRenditionJson['decidedBy'] {
  const subject = reason.slice(0, reason.indexOf('.'));
  return subject === 'visibility' ? 'switch' : (subject as ExplainedRenditionJson['decidedBy']);
}
