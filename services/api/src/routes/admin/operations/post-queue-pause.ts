import { pauseQueue } from '../../../use-cases/change-queue.ts';
import { queueAction } from './queue-action.ts';

export const postQueuePause = queueAction({
  path: 'pause',
  summary: 'Pause a queue: nothing of it begins any more; what runs goes on to its end',
  conflict: 'It is paused already',
  act: pauseQueue,
});
