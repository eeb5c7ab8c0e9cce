const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

/** Bytes as people read them, in powers of 1,000: `12.3 MB`. */
export function formatBytes(bytes: number, locale?: string): string {
  const power = bytes < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: byteUnits[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 100 && power > 0 ? 1 : 0,
  }).format(value);
}

const timeStyles = {
  /** `12 Mar 2026, 14:05` */
  short: { dateStyle: 'medium', timeStyle: 'short' },
  /** `12 Mar 2026, 14:05:09` */
  seconds: { dateStyle: 'medium', timeStyle: 'medium' },
  date: { dateStyle: 'medium' },
  /** `14:05` and `12 Mar`, for the axis of a chart. */
  clock: { timeStyle: 'short' },
  day: { day: 'numeric', month: 'short' },
  /** With the second and the zone, for whoever has to be exact. */
  full: { dateStyle: 'full', timeStyle: 'long' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
export type TimeStyle = keyof typeof timeStyles;

/** An instant in the viewer's zone. */
export function formatTime(instant: string, style: TimeStyle = 'short', locale?: string): string {
  return new Intl.DateTimeFormat(locale, timeStyles[style]).format(new Date(instant));
}

/** How far away an instant is: `in 6 days`, `2 hours ago`. */
export function formatDistance(instant: string, now: Date, locale?: string): string {
  const seconds = (new Date(instant).getTime() - now.getTime()) / 1000;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(Math.trunc(seconds), 'second');
}

/** A length of time in its two largest units: `3 h 5 min`, `850 ms`. */
export function formatDuration(milliseconds: number, locale?: string): string {
  const one = (value: number, unit: string, digits = 0) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(
      value,
    );
  if (milliseconds < 1_000) return one(milliseconds, 'millisecond');
  if (milliseconds < 9_950) return one(milliseconds / 1_000, 'second', 1);
  const seconds = Math.round(milliseconds / 1_000);
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  const largest = units.findIndex(([, length]) => seconds >= length);
  let rest = seconds;
  const parts: string[] = [];
  for (const [unit, length] of units.slice(largest, largest + 2)) {
    const value = Math.floor(rest / length);
    rest -= value * length;
    if (value > 0) parts.push(one(value, unit));
  }
  return parts.join(' ');
}
