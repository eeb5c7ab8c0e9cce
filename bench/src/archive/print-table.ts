import type { FigureResult } from './figure.ts';

/** A figure as lines for people. */
export function printTable(name: string, { contenders, reached, ...facts }: FigureResult): void {
  console.log(`\n${name}  ${JSON.stringify(facts)}`);
  console.table(
    Object.fromEntries(
      Object.entries(contenders).map(([contender, values]) => [
        contender,
        Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Math.round(value * 100) / 100])),
      ]),
    ),
  );
  for (const [limit, holds] of Object.entries(reached)) console.log(`  ${holds ? 'reached' : 'MISSED '}  ${limit}`);
}
