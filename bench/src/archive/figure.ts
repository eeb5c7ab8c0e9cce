/** One row of figures of `npm run bench:archive`. */
export interface Figure {
  name: string;
  measure(options: FigureOptions): Promise<FigureResult>;
}

export interface FigureOptions {
  /** For what the figure writes; it removes that again. */
  folder: string;
  rounds: number;
  /** Contenders to measure beside ours; null for all. */
  only: readonly string[] | null;
}

export interface FigureResult {
  /** What was measured, by contender; every value a number. */
  contenders: Record<string, Record<string, number>>;
  /** Which limits were reached. */
  reached: Record<string, boolean>;
  /** What else belongs to the figure. */
  [fact: string]: unknown;
}
