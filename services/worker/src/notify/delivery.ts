/** How one attempt to deliver went. `status` is HTTP's or SMTP's, where there was one: none for a mail that was kept. */
export type Delivery =
  | { ok: true; status: number | null }
  | {
      ok: false;
      status: number | null;
      /** For people. */
      error: string;
      /** Whether trying again is pointless. */
      final: boolean;
    };

export const delivered: Delivery = { ok: true, status: null };

/** A delivery that nobody can want any more. */
export function pointless(error: string): Delivery {
  return { ok: false, status: null, error, final: true };
}
