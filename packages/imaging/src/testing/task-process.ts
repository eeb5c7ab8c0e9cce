import { AppError } from '@sheaf/domain/app-error';
import { serveTasks } from '../serve-tasks.ts';

export type TestTask =
  | { do: 'echo'; value: unknown }
  | { do: 'tell'; what: 'environment' }
  | { do: 'refuse' | 'throw' | 'exit' | 'allocate' | 'fillHeap' | 'wait' | 'loop' };

const kept: unknown[] = [];

/** Does to itself what hostile input might do to it. */
serveTasks<TestTask>(
  async (task) => {
    switch (task.do) {
      case 'echo':
        return task.value;
      case 'tell':
        return Object.keys(process.env);
      case 'refuse':
        throw new AppError('input.invalid', 'Refused.', { detail: { fact: 1 } });
      case 'throw':
        throw new Error('thrown');
      case 'exit':
        return process.exit(3);
      case 'allocate':
        for (;;) {
          kept.push(Buffer.alloc(10_000_000, 1));
          await new Promise(setImmediate);
        }
      case 'fillHeap':
        for (;;) kept.push({ kept: [kept.length] });
      case 'wait':
        return new Promise(() => {});
      case 'loop':
        for (;;);
    }
  },
  { blocking: true },
);
