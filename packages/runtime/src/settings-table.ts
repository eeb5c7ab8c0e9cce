import { settingDefinitions } from './settings.ts';

/** All settings as a Markdown table: what the README shows. Without a newline at the end. */
export function settingsTable(): string {
  const rows = Object.entries(settingDefinitions).map(
    ([name, { default: value, doc }]) => `| \`${name}\` | ${shownDefault(value)} | ${doc.replaceAll('|', '\\|')} |`,
  );
  return ['| name | default | what |', '|---|---|---|', ...rows].join('\n');
}

function shownDefault(value: unknown): string {
  const isAbsent = value === undefined || (Array.isArray(value) && value.length === 0);
  return isAbsent ? '' : `\`${value}\``;
}
