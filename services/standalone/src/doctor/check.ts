/** One thing that must hold: resolves with what was found, rejects with what is wrong and what to do. */
export interface Check {
  name: string;
  look(): Promise<string>;
}
