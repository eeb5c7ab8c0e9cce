/** What is wrong with a value somewhere in an input: a JSON pointer, and what it has to be. */
export interface InputProblem {
  path: string;
  message: string;
}
