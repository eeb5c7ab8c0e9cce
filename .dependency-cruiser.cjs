/**
 * The arrows of ARCHITECTURE.md as rules. Each rule says who may not import what; what is not forbidden is allowed.
 * Paths are those of the files themselves, because workspaces resolve to their own folders.
 */
const within = (...rooms) => `^(${rooms.join('|')})/`;

/** Tests and what sets them up may reach further. */
const testing = '(\\.test\\.ts$|/testing/)';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      comment: 'domain imports nothing of ours and does no I/O.',
      severity: 'error',
      from: { path: within('packages/domain'), pathNot: testing },
      to: { pathNot: within('packages/domain') },
    },
    {
      name: 'runtime-stands-alone',
      severity: 'error',
      from: { path: within('packages/runtime') },
      to: { path: within('packages/(?!runtime)[^/]+', 'db', 'services', 'dashboard', 'test', 'bench') },
    },
    {
      name: 'packages-know-only-domain',
      severity: 'error',
      from: { path: within('packages/(contract|archive|storage|queue|imaging)', 'db'), pathNot: testing },
      to: {
        path: within('packages/[^/]+', 'db', 'services', 'dashboard', 'test', 'bench'),
        pathNot: ['^packages/domain/', '^$1/'],
      },
    },
    {
      name: 'evidence-knows-archives-and-rules',
      comment: 'What verifies an archive must be able to stand without the rest.',
      severity: 'error',
      from: { path: within('packages/evidence'), pathNot: testing },
      to: { path: within('packages/(?!evidence|archive|domain)[^/]+', 'db', 'services', 'dashboard', 'test', 'bench') },
    },
    {
      name: 'ingest-knows-catalogue-storage-and-rules',
      severity: 'error',
      from: { path: within('packages/ingest'), pathNot: testing },
      to: { path: within('packages/(contract|archive|queue)', 'services', 'dashboard', 'test', 'bench') },
    },
    {
      name: 'downloads-knows-rules-and-rows',
      comment: 'What is done with downloads, for whoever does it: the api for one, the worker for many.',
      severity: 'error',
      from: { path: within('packages/downloads'), pathNot: testing },
      to: { path: within('packages/(?!downloads|contract|domain)[^/]+', 'services', 'dashboard', 'test', 'bench') },
    },
    {
      name: 'services-do-not-know-each-other',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'nothing-imports-the-dashboard-tests-or-benchmarks',
      severity: 'error',
      from: { path: within('packages', 'db', 'services'), pathNot: testing },
      to: { path: within('dashboard', 'test', 'bench') },
    },
    {
      name: 'only-db-imports-the-database-driver',
      severity: 'error',
      from: { pathNot: within('db') },
      to: { path: 'node_modules/(drizzle-orm|postgres)/' },
    },
    {
      name: 'only-queue-imports-the-queue',
      severity: 'error',
      from: { pathNot: within('packages/queue') },
      to: { path: 'node_modules/(bullmq|ioredis|pg)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules/\\.|dist|build|\\.svelte-kit)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
