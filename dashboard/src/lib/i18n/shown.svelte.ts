import { formatBytes, formatDistance, formatDuration, formatTime, type TimeStyle } from './format.ts';
import { current } from './texts.svelte.ts';

/** The clock of everything that is told as a distance; it moves once a second while anything shows it. */
let now = $state(new Date());
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, for as long as the component or effect that asks is there. To be called inside of an effect. */
export function watchClock(): () => void {
  watchers += 1;
  if (watchers === 1) {
    now = new Date();
    timer = setInterval(() => {
      if (!document.hidden) now = new Date();
    }, 1_000);
  }
  return () => {
    watchers -= 1;
    if (watchers === 0) clearInterval(timer);
  };
}

/** Numbers, sizes and times as the viewer writes them, in the viewer's zone. */
export const shown = {
  number: (value: number, options?: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(current.locale, options).format(value),
  /** A share from 0 to 1. */
  percent: (share: number, digits = 0) =>
    new Intl.NumberFormat(current.locale, { style: 'percent', maximumFractionDigits: digits }).format(share),
  bytes: (bytes: number) => formatBytes(bytes, current.locale),
  duration: (milliseconds: number) => formatDuration(milliseconds, current.locale),
  time: (instant: string, style?: TimeStyle) => formatTime(instant, style, current.locale),
  /** `in 6 days`; goes with the clock where `watchClock` runs. */
  distance: (instant: string) => formatDistance(instant, now, current.locale),
  /** What is left until an instant, in milliseconds, never below 0. */
  left: (instant: string) => Math.max(0, new Date(instant).getTime() - now.getTime()),
  list: (items: string[]) => new Intl.ListFormat(current.locale).format(items),
};
