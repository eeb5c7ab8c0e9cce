import type { DecisionFacts } from './download-decision.ts';
import type { RecordedAcceptance } from './licence.ts';
import { type LicenceReason, licenceRefusal } from './licence-refusal.ts';

/**
 * Why each licence keeps its assets back from a request, or null. Thousands of assets share few licences: each is judged
 * once, against its own acceptances only.
 */
export function licenceRefusals(facts: DecisionFacts): (licenceId: string) => LicenceReason | null {
  const { request, licences, acceptances, downloadId, visibility, now } = facts;
  const recordedOf = Map.groupBy(acceptances, ({ licenceId }: RecordedAcceptance) => licenceId);
  const givenOf = Map.groupBy(request.acceptLicences, ({ licenceId }) => licenceId);
  const judged = new Map<string, LicenceReason | null>();
  return (licenceId) => {
    let refusal = judged.get(licenceId);
    if (refusal === undefined) {
      refusal = licenceRefusal(licences.get(licenceId), {
        given: givenOf.get(licenceId) ?? [],
        recorded: recordedOf.get(licenceId) ?? [],
        mode: visibility.licenceAcceptance,
        scope: { downloadId },
        now,
      });
      judged.set(licenceId, refusal);
    }
    return refusal;
  };
}
