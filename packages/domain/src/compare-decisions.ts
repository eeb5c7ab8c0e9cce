import type { DownloadDecision } from './download-decision.ts';
import type { Outcome, Reason } from './outcome.ts';

export interface OutcomeSide {
  outcome: Outcome['outcome'];
  reason: Reason | null;
}

/** What would change for one asset. */
export interface AssetDifference {
  assetId: string;
  /** As far as either decision shows it. */
  title: string;
  before: OutcomeSide;
  after: OutcomeSide;
  /** Names of the renditions that come in and that go, in archive order. */
  gained: string[];
  lost: string[];
}

export interface DecisionDifference {
  /** Only those that change, in the order of the request. */
  assets: AssetDifference[];
  counts: {
    /** Assets that were excluded and would be included, and the reverse. */
    included: number;
    excluded: number;
    /** Files, those of such assets among them. */
    gained: number;
    lost: number;
  };
  /** Whether the download would run in the background where it did not, or the reverse. */
  backgroundChanged: boolean;
  /** Whether the request would be refused where it was not, refused for another reason, or no longer be refused. */
  verdictChanged: boolean;
}

/** What a proposed configuration would change. Both decisions are about the same request and the same assets. */
export function compareDecisions(current: DownloadDecision, proposed: DownloadDecision): DecisionDifference {
  const assets = current.outcomes.flatMap((before, index) => {
    const after = proposed.outcomes[index];
    return after === undefined ? [] : (differenceOf(before, after) ?? []);
  });
  const turned = (to: Outcome['outcome']) =>
    assets.filter(({ before, after }) => before.outcome !== to && after.outcome === to).length;
  return {
    assets,
    counts: {
      included: turned('included'),
      excluded: turned('excluded'),
      gained: assets.reduce((total, { gained }) => total + gained.length, 0),
      lost: assets.reduce((total, { lost }) => total + lost.length, 0),
    },
    backgroundChanged: current.background !== proposed.background,
    verdictChanged: current.verdict !== proposed.verdict,
  };
}

function differenceOf(before: Outcome, after: Outcome): AssetDifference | null {
  const gained = filesOnlyIn(after, before);
  const lost = filesOnlyIn(before, after);
  const same = before.outcome === after.outcome && before.reason === after.reason;
  if (same && gained.length === 0 && lost.length === 0) return null;
  return {
    assetId: before.assetId,
    title: before.title || after.title,
    before: sideOf(before),
    after: sideOf(after),
    gained,
    lost,
  };
}

const sideOf = ({ outcome, reason }: Outcome): OutcomeSide => ({ outcome, reason });

function filesOnlyIn({ entries }: Outcome, other: Outcome): string[] {
  const ids = new Set(other.entries.map(({ renditionId }) => renditionId));
  return entries.filter(({ renditionId }) => !ids.has(renditionId)).map(({ name }) => name);
}
