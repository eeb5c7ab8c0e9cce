import { readFile } from 'node:fs/promises';
import { settingsTable } from '@sheaf/runtime/settings-table';
import { commandsTable } from '@sheaf/standalone/commands-table';
import { createProgram } from '@sheaf/standalone/program';
import { expect, test } from 'vitest';

test("the README's tables of settings and flags are what the definitions say (node scripts/settings-table.ts prints them)", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const section = readme.split(/^## /m).find((part) => part.startsWith('Settings\n'));
  const tables = section
    ?.trimEnd()
    .split('\n\n')
    .filter((block) => block.startsWith('|'));
  expect(tables).toEqual([settingsTable(), commandsTable(createProgram({}))]);
});
