/** How one attempt to deliver went. `status` is HTTP's or SMTP's, where there was one: none for a mail that was kept. */
export type Delivery = (Delivered | Undelivered) & {
  /** The address that was called, where this was a webhook's. */
  url?: string;
  /** Whether its receiver wants no more, ever. */
  gone?: boolean;
};

export interface Delivered {
  ok: true;
  status: number | null;
}

export interface Undelivered {
  ok: false;
  status: number | null;
  /** For people. */
  error: string;
  /** Whether trying again is pointless. */
  final: boolean;
  /** What the receiver asks to be given before the next attempt, in milliseconds. */
  retryAfterMs?: number | null;
}

export const delivered: Delivery = { ok: true, status: null };

/** A delivery that nobody can want any more. */
export function pointless(error: string): Undelivered {
  return { ok: false, status: null, error, final: true };
}
