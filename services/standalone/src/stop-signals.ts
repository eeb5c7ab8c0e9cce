/** What the outside asks of a running launcher. */
export interface StopSignals {
  /** Fulfilled at the first SIGINT, SIGTERM or SIGHUP, and when the npm that runs this process has ended. */
  asked: Promise<void>;
  readonly wasAsked: boolean;
  /** Calls at each further one, but not at the copy of the first that npm sends its child besides the terminal's own. */
  onInsisted(listener: () => void): void;
}

/** The part of `process` that is watched. */
export type SignalSource = Pick<NodeJS.Process, 'on' | 'ppid' | 'env'>;

const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const copyWithinMs = 1_000;
const parentEveryMs = 300;

export function watchStopSignals(source: SignalSource = process, now = () => performance.now()): StopSignals {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const listeners: (() => void)[] = [];
  let firstAt: number | undefined;
  const ask = () => {
    firstAt ??= now();
    resolve();
  };
  for (const signal of signals) {
    source.on(signal, () => {
      if (firstAt === undefined) ask();
      else if (now() - firstAt > copyWithinMs) for (const listener of listeners) listener();
    });
  }
  if (source.env.npm_lifecycle_event) watchParent(source, ask);
  return {
    asked,
    get wasAsked() {
      return firstAt !== undefined;
    },
    onInsisted: (listener) => void listeners.push(listener),
  };
}

/** npm starts a script through a shell, and one that is ended by SIGTERM does not pass the signal on. */
function watchParent(source: SignalSource, onGone: () => void): void {
  const parent = source.ppid;
  const timer = setInterval(() => {
    if (source.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, parentEveryMs);
  timer.unref();
}
