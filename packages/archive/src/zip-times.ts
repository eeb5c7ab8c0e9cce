const earliestDos = Date.UTC(1980, 0, 1);
const latestDos = Date.UTC(2107, 11, 31, 23, 59, 58);

/**
 * Seconds since 1970, or null where a reader might take them for another time: half of them read the 32 bits as signed
 * (unzip) and half as unsigned (7-Zip, libarchive: a time of 1969 becomes one of 2105), so only 1970 to 2038 is safe.
 */
export function unixSeconds(modifiedAt: Date): number | null {
  const seconds = Math.floor(modifiedAt.getTime() / 1000);
  return seconds >= 0 && seconds < 2 ** 31 ? seconds : null;
}

/**
 * Two seconds exact, from 1980 to 2107: the date in the upper and the time in the lower half of 32 bits. It knows no time
 * zone, and is in UTC here, so that the same entries give the same bytes wherever they are written; readers that know the
 * extended timestamp show the exact moment.
 */
export function dosTime(modifiedAt: Date): number {
  const shown = new Date(Math.min(Math.max(modifiedAt.getTime(), earliestDos), latestDos));
  const date = ((shown.getUTCFullYear() - 1980) << 9) | ((shown.getUTCMonth() + 1) << 5) | shown.getUTCDate();
  const time = (shown.getUTCHours() << 11) | (shown.getUTCMinutes() << 5) | (shown.getUTCSeconds() >> 1);
  return ((date << 16) | time) >>> 0;
}
