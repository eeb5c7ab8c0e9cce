import { registerHooks } from 'node:module';

/**
 * Makes every later `import 'drizzle-orm…'` load drizzle's CommonJS build. A process's `main.ts` imports this before
 * anything else, and the rest dynamically.
 *
 * drizzle-orm 0.45's ES modules re-export each other by `export *` in circles, which Node links at great cost. Measured
 * for postgres-js and pg-core on Node 24: 498 ms and a peak of 300 MB as ES modules, 94 ms and 73 MB as CommonJS.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!/^drizzle-orm(\/|$)/.test(specifier)) return nextResolve(specifier, context);
    return nextResolve(specifier, { ...context, conditions: ['node', 'require', 'default'] });
  },
});
