/** One event of a `text/event-stream`. */
export interface StreamEvent {
  /** The last id that the stream gave, here or before. */
  id: string;
  event: string;
  data: string;
}

/** Takes a stream's text in pieces of any size and gives the events that are complete (HTML standard, 9.2.6). */
export function createEventParser(): (text: string) => StreamEvent[] {
  let rest = '';
  let id = '';
  let event = '';
  let data: string[] = [];

  return (text) => {
    const events: StreamEvent[] = [];
    // A carriage return at the end may be the first half of a line's end.
    const held = (rest + text).endsWith('\r') ? '\r' : '';
    const lines = (rest + text).slice(0, held ? -1 : undefined).split(/\r\n|\n|\r/);
    rest = lines.pop()! + held;
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push({ id, event: event || 'message', data: data.join('\n') });
        event = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'data') data.push(value);
      else if (field === 'event') event = value;
      else if (field === 'id' && !value.includes('\0')) id = value;
    }
    return events;
  };
}
