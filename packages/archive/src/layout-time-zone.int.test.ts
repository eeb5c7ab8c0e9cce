import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Around the changes of daylight saving in Berlin, and at the ends of what a ZIP can say. */
const times = [
  '1890-05-05T10:00:00Z',
  '1979-12-31T23:30:00Z',
  '1980-01-01T00:00:00Z',
  '2026-03-29T00:59:59Z',
  '2026-03-29T01:00:00Z',
  '2026-10-25T00:30:00Z',
  '2026-10-25T01:30:00Z',
  '2107-12-31T23:59:59Z',
  '2150-06-01T12:00:00Z',
];

const program = `
  import { buffer } from 'node:stream/consumers';
  import { layoutArchive } from ${JSON.stringify(new URL('./layout-archive.ts', import.meta.url).href)};
  import { readArchive } from ${JSON.stringify(new URL('./read-archive.ts', import.meta.url).href)};
  const entries = ${JSON.stringify(times)}.map((time, index) => ({
    path: String(index), modifiedAt: new Date(time), bytes: Buffer.from(time),
  }));
  const layout = layoutArchive(entries);
  const bytes = await buffer(readArchive(layout, {}, { start: 0, end: layout.size - 1 }));
  console.log(new Date(0).getTimezoneOffset(), layout.etag, bytes.toString('base64'));
`;

async function layoutIn(timeZone: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, TZ: timeZone },
  });
  return stdout.trim().split(' ');
}

test('the time zone in which an archive is made leaves no trace in it', async () => {
  const [utcOffset, ...utc] = await layoutIn('UTC');
  for (const timeZone of ['Europe/Berlin', 'America/St_Johns', 'Pacific/Apia']) {
    const [offset, ...made] = await layoutIn(timeZone);
    expect(offset).not.toBe(utcOffset);
    expect(made).toEqual(utc);
  }
});
