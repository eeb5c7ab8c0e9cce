import { recordAccesses } from '@sheaf/db/downloads/record-access';
import { newId } from '@sheaf/db/schema/columns';
import { AppError } from '@sheaf/domain/app-error';
import { fastify, LogController } from 'fastify';
import type { ApiDeps, App } from './api-deps.ts';
import { createAccessRecorder } from './file-delivery/access-recorder.ts';
import { createRecentRefusals } from './file-delivery/recent-refusals.ts';
import { createLiveHub } from './live/live-hub.ts';
import { oidcConfiguration } from './oidc/oidc-configuration.ts';
import { createOidcSignIn } from './oidc/oidc-sign-in.ts';
import { serveDashboard } from './plugins/dashboard.ts';
import { measureRequests } from './plugins/measure-requests.ts';
import { mountOidc } from './plugins/oidc-routes.ts';
import { collectOpenApi, serveOpenApi } from './plugins/open-api.ts';
import { answerErrorsAsProblems } from './plugins/problem-errors.ts';
import { limitRate, prepareRateLimits } from './plugins/rate-limits.ts';
import { logRequests } from './plugins/request-log.ts';
import { refuseInvalidTokens, resolveActor } from './plugins/resolve-actor.ts';
import { refuseForeignOrigins } from './plugins/same-origin.ts';
import { setSecurityHeaders } from './plugins/security-headers.ts';
import { mountSignIn } from './plugins/sign-in.ts';
import { answerBrokenHttp } from './problems/answer-broken-http.ts';
import { sendProblem } from './problems/send-problem.ts';
import { toAppError } from './problems/to-app-error.ts';
import { serializerCompiler } from './response-serializer.ts';
import { getHealth } from './routes/health/get-health.ts';
import { getMetrics } from './routes/health/get-metrics.ts';
import { getReadiness } from './routes/health/get-readiness.ts';
import { apiRoutes, publicRoutes } from './routes.ts';
import { validatorCompiler } from './schema-validator.ts';
import { authPath, createSignInService } from './sign-in-service.ts';
import { acceptUploads } from './uploads.ts';

/** Of calls that take JSON and set no limit of their own. */
const bodyLimit = 2_000_000;

/** How long nothing may move on a connection. No limit on a whole request: an upload may take hours. */
const idleMs = 120_000;

/** Makes the HTTP application. It does not listen yet, and closes nothing that it was given. */
export async function buildApp(deps: ApiDeps): Promise<App> {
  const { settings } = deps;
  if (settings.SECRET_KEY === undefined) throw new AppError('internal', 'The API needs SECRET_KEY.');
  const app = fastify({
    loggerInstance: deps.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    connectionTimeout: idleMs,
    clientErrorHandler: (error, socket) => answerBrokenHttp(error, socket, newId()),
    trustProxy: settings.TRUST_PROXY.length > 0 ? settings.TRUST_PROXY : false,
    genReqId: () => newId(),
    requestIdHeader: false,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, toAppError(error)),
  }).withTypeProvider() as unknown as App;
  const secretKey = settings.SECRET_KEY;
  const oidc = oidcConfiguration(settings);
  const signInOn = (db: Pick<ApiDeps['db'], 'orm'>) =>
    createSignInService({ db, secretKey, publicUrl: settings.PUBLIC_URL });
  const signIn = signInOn(deps.db);

  app.decorate(
    'accessRecorder',
    createAccessRecorder((batch) => recordAccesses(deps.db, batch), {
      onDropped: (count) =>
        deps.logger.error({ count }, 'too many accesses were waiting: how some ended is not recorded'),
    }),
  );
  app.decorate('recentRefusals', createRecentRefusals());
  app.decorate('liveHub', createLiveHub(deps));
  // Before the server waits for what is open.
  app.addHook('preClose', () => app.liveHub.close());
  // Whoever closes the database does so after the application.
  app.addHook('onClose', () => app.accessRecorder.settled());
  app.setValidatorCompiler(validatorCompiler as Parameters<App['setValidatorCompiler']>[0]);
  app.setSerializerCompiler(serializerCompiler);
  answerErrorsAsProblems(app);
  logRequests(app);
  const ownMetrics = measureRequests(app);
  await setSecurityHeaders(app, deps);
  await prepareRateLimits(app);
  await collectOpenApi(app);
  getHealth(app, deps);
  await app.register(async (scope: App) => {
    limitRate(scope, settings.RATE_LIMIT_PER_MINUTE);
    getReadiness(scope, deps);
  });

  await app.register(
    async (scope: App) => {
      refuseForeignOrigins(scope, deps);
      limitRate(scope, settings.RATE_LIMIT_PER_MINUTE);
      await mountSignIn(scope, deps, { signIn, signInWithin: (orm) => signInOn({ orm }) });
      if (oidc) await mountOidc(scope, createOidcSignIn(deps, oidc, secretKey));
    },
    { prefix: authPath },
  );
  await app.register(
    async (scope: App) => {
      refuseForeignOrigins(scope, deps);
      resolveActor(scope, deps, signIn);
      limitRate(scope, settings.RATE_LIMIT_PER_MINUTE);
      refuseInvalidTokens(scope);
      await acceptUploads(scope);
      for (const route of apiRoutes) route(scope, deps);
    },
    { prefix: '/api/v1' },
  );
  await app.register(async (scope: App) => {
    limitRate(scope, settings.RATE_LIMIT_PER_MINUTE);
    for (const route of [...publicRoutes, getMetrics(ownMetrics)]) route(scope, deps);
  });

  await app.register(async (scope: App) => {
    limitRate(scope, settings.RATE_LIMIT_PER_MINUTE);
    await serveOpenApi(scope);
  });
  await serveDashboard(app, deps.dashboardFolder);
  return app;
}
