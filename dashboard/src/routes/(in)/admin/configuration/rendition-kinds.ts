/** In the order in which people think of them. */
export const renditionKinds = ['original', 'static', 'dynamic', 'smart-crop'] as const;
