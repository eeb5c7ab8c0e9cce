import { runLimited } from './limited-command.ts';

export interface Ffmpeg {
  /** How it is called: a name on PATH. */
  program: string;
  version: string;
}

const limits = { seconds: 10, memoryBytes: 500_000_000, outputBytes: 1_000_000 };
const found = new Map<string, Promise<Ffmpeg | null>>();

/** This machine's ffmpeg, looked for once; null where there is none that starts. Without it, videos have no previews. */
export function findFfmpeg(program = 'ffmpeg'): Promise<Ffmpeg | null> {
  const known = found.get(program) ?? look(program);
  found.set(program, known);
  return known;
}

async function look(program: string): Promise<Ffmpeg | null> {
  try {
    const { output } = await runLimited(program, ['-version'], limits, new AbortController().signal);
    const version = /^ffmpeg version (\S+)/.exec(output.toString())?.[1];
    return version === undefined ? null : { program, version };
  } catch {
    return null;
  }
}
