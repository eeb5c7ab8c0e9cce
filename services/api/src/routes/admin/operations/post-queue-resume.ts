import { resumeQueue } from '../../../use-cases/change-queue.ts';
import { queueAction } from './queue-action.ts';

export const postQueueResume = queueAction({
  path: 'resume',
  summary: 'Resume a paused queue',
  conflict: 'It is not paused',
  act: resumeQueue,
});
