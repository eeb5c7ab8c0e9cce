import type { Command } from 'commander';

/** Every command and flag of a program as a Markdown table: what the README shows. Without a newline at the end. */
export function commandsTable(program: Command): string {
  return ['| command, flag | default | what |', '|---|---|---|', ...rowsOf(program, '')].join('\n');
}

function rowsOf(command: Command, path: string): string[] {
  const name = `${path}${command.name()}`;
  const takes = command.registeredArguments.map((argument) => ` <${argument.name()}>`).join('');
  const isGroup = command.commands.length > 0;
  return [
    ...(isGroup ? [] : [row(name + takes, undefined, command.description())]),
    ...command.options.map((option) => row(`${name} ${option.flags}`, option.defaultValue, option.description)),
    ...command.commands.flatMap((subcommand) => rowsOf(subcommand, `${name} `)),
  ];
}

function row(what: string, value: unknown, doc: string): string {
  const shown = value === undefined || value === '' ? '' : `\`${value}\``;
  return `| \`${what}\` | ${shown} | ${doc.replaceAll('|', '\\|')} |`;
}
