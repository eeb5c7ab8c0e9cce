/** The forms of a Retry-After that a server may send today (RFC 9110, 10.2.3): seconds, or a date in GMT. */
const seconds = /^\d+$/;
const imfDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long a Retry-After header asks to wait from now on, in milliseconds: 0 for a time that has passed, `most` for
 * anything longer. Null for a header that is not there or is neither seconds nor a date.
 */
export function retryAfterMs(header: string | undefined, { now, most }: { now: Date; most: number }): number | null {
  const text = header?.trim() ?? '';
  const wanted = seconds.test(text)
    ? Number(text) * 1_000
    : imfDate.test(text)
      ? Date.parse(text) - now.getTime()
      : NaN;
  return Number.isNaN(wanted) ? null : Math.min(Math.max(wanted, 0), most);
}
