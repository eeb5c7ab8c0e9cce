import { type RenderTask, renderDerivative } from './render-derivative.ts';
import { serveTasks } from './serve-tasks.ts';

/** What `createRenderer` starts. */
serveTasks<RenderTask>((task) => renderDerivative(task));
