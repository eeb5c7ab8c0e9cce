import type { DownloadDecision } from '@sheaf/domain/download-decision';
import { outcomeSummary } from '@sheaf/domain/outcome-summary';

/** Why a decision refuses its download, as a sentence or two for people. */
export function refusalText({ outcomes, counts }: DownloadDecision): string {
  const { reasons } = outcomeSummary(outcomes);
  const short = reasons.reduce((sum, { excluded, partial }) => sum + excluded + partial, 0);
  const why = reasons.map(({ text, excluded, partial }) => `${text} (${excluded + partial})`);
  return [`${short} of ${counts.assets} assets cannot be had completely.`, ...why].join(' ');
}
