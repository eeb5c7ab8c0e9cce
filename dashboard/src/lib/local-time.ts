/** An instant as `<input type="datetime-local">` takes it: in the viewer's zone, to the minute; empty for none. */
export function toLocalInput(instant: string | null | undefined): string {
  if (!instant) return '';
  const time = new Date(instant);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The instant that was typed; null for none. */
export function fromLocalInput(text: string): string | null {
  const time = new Date(text);
  return text === '' || Number.isNaN(time.getTime()) ? null : time.toISOString();
}
