import { type Outcome, type Reason, reasons } from './outcome.ts';
import { reasonText } from './reason-text.ts';

export interface ReasonCount {
  reason: Reason;
  /** Assets that were left out for this reason altogether. */
  excluded: number;
  /** Assets that are included, but without some of their files. */
  partial: number;
  /** The reason as a sentence for people. */
  text: string;
}

export interface OutcomeSummary {
  included: number;
  excluded: number;
  /** Only reasons that occur, in the order of the `reasons` list. */
  reasons: ReasonCount[];
}

/** Counts what happened to the assets of a download, for emails, webhooks and screens. */
export function outcomeSummary(outcomes: Iterable<Pick<Outcome, 'outcome' | 'reason'>>): OutcomeSummary {
  const totals = { included: 0, excluded: 0 };
  const counts = new Map<Reason, { excluded: number; partial: number }>();
  for (const { outcome, reason } of outcomes) {
    totals[outcome] += 1;
    if (reason === null) continue;
    const count = counts.get(reason) ?? { excluded: 0, partial: 0 };
    count[outcome === 'excluded' ? 'excluded' : 'partial'] += 1;
    counts.set(reason, count);
  }
  return {
    ...totals,
    reasons: reasons.flatMap((reason) => {
      const count = counts.get(reason);
      return count === undefined ? [] : [{ reason, ...count, text: reasonText[reason] }];
    }),
  };
}
