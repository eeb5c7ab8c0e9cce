/** The queues that people are shown and may pause. The sweep is not among them: it keeps the house in order. */
export const queueNames = ['gather', 'pack', 'render', 'derive', 'notify', 'scrub'] as const;
export type QueueName = (typeof queueNames)[number];
