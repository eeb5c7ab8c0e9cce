import { readFile } from 'node:fs/promises';
import { settingsTable } from '@sheaf/runtime/settings-table';
import { expect, test } from 'vitest';

test("the README's table of settings is what the definitions say (node scripts/settings-table.ts prints it)", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const section = readme.split(/^## /m).find((part) => part.startsWith('Settings\n'));
  const table = section?.split('\n').filter((line) => line.startsWith('|'));
  expect(table?.join('\n')).toBe(settingsTable());
});
