import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { problemSchema } from '@sheaf/contract/problem';
import type { FastifySchema } from 'fastify';
import { type TObject, Type } from 'typebox';
import type { App } from '../api-deps.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The text fields of a multipart form, for the documentation: the handler itself reads and checks the form. */
    formFields?: TObject;
  }
}

const fileSchema = Type.String({ format: 'binary', description: 'The last part of the form.' });

/** Collects the routes that are added after it. */
export async function collectOpenApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sheaf',
        version: '1',
        description: 'Downloads of many assets as one archive. Errors are problem+json (RFC 9457).',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A personal API token.' },
          session: { type: 'apiKey', in: 'cookie', name: 'sheaf.session_token' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: ({ schema, url, route }) => ({ schema: documented(schema, route.config?.formFields), url }),
  });
}

/** `/openapi.json` and its readable form at `/docs`. */
export async function serveOpenApi(app: App): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: false, logLevel: 'warn' });
}

/** What every route has in common and a validator must not see. */
function documented(schema: FastifySchema | undefined, formFields: TObject | undefined): FastifySchema {
  const response = { ...(schema?.response as object | undefined), '4xx': problemSchema };
  if (formFields === undefined) return { ...schema, response };
  return { ...schema, response, body: Type.Object({ ...formFields.properties, file: fileSchema }) };
}
