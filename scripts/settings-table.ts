// Prints the README's table of settings: node scripts/settings-table.ts
import { settingsTable } from '@sheaf/runtime/settings-table';

console.log(settingsTable());
