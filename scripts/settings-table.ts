// Prints the README's tables of settings, of commands and of their flags: node scripts/settings-table.ts
import { settingsTable } from '@sheaf/runtime/settings-table';
import { commandsTable } from '@sheaf/standalone/commands-table';
import { createProgram } from '@sheaf/standalone/program';

console.log(`${settingsTable()}\n\n${commandsTable(createProgram({}))}`);
