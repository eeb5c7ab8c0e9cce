const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes for people, in decimal units as file managers and parts use them: `1.2 GB`. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** An RFC 3339 time for people who may be anywhere: `5 January 2027 at 14:00 UTC`. */
export function timeText(time: string): string {
  return `${format.format(new Date(time))} UTC`;
}
