import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { problemSchema } from '@sheaf/contract/problem';
import type { FastifyContextConfig, FastifySchema } from 'fastify';
import { type TObject, Type } from 'typebox';
import type { App } from '../api-deps.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The text fields of a multipart form, for the documentation: the handler itself reads and checks the form. */
    formFields?: TObject;
    /** A repeated request with the same `Idempotency-Key` gets the same answer: the handler uses `answerOnce`. */
    idempotent?: boolean;
    /** Answers, by status, that no schema of the route shapes: files, and errors worth a word. */
    documented?: Record<number, object>;
  }
}

const idempotencyHeaders = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description: 'The same key and request get the same answer; another request with the key is refused with 409.',
    }),
  ),
});

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
    transform: ({ schema, url, route }) => ({ schema: documented(schema, route.config ?? {}), url }),
  });
}

/** `/openapi.json` and its readable form at `/docs`. */
export async function serveOpenApi(app: App): Promise<void> {
  const schema = { tags: ['operations'], summary: 'This document', security: [] };
  app.get('/openapi.json', { schema }, () => app.swagger());
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: false, logLevel: 'warn' });
}

/** An error in the documentation of a route's answers. */
export function documentedProblem(description: string): object {
  return { description, content: { 'application/problem+json': { schema: problemSchema } } };
}

/** A 429 in the documentation: `documentedProblem` with the header that says how long to wait. */
export function documentedTooMany(description: string): object {
  const seconds = { description: 'Seconds to wait', schema: Type.Integer({ minimum: 0 }) };
  return { ...documentedProblem(description), headers: { 'Retry-After': seconds } };
}

/** What a validator or a serializer must not see. */
function documented(schema: FastifySchema | undefined, config: FastifyContextConfig): FastifySchema {
  const { formFields, idempotent, documented: answers } = config;
  return {
    ...schema,
    ...(formFields && { body: Type.Object({ ...formFields.properties, file: fileSchema }) }),
    ...(idempotent && { headers: idempotencyHeaders }),
    response: {
      ...(schema?.response as object | undefined),
      ...answers,
      '4xx': documentedProblem('What is wrong with the request'),
      '5xx': documentedProblem('What is wrong with the service'),
    },
  };
}
